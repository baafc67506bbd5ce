import { MicHealth } from "#core/audio/mic-health";
import { describe, expect, test } from "vitest";
import { FakeClock } from "#testing/fake-clock";
import { AudioProblem } from "./audio-problem";
import { DeviceStore } from "./device-store";
import { FakeMediaDevices } from "./fake-media-devices";
import { healthNotice } from "./device-notice";
import { MicrophoneKeeper, type MicrophoneRequest } from "./microphone-keeper";
import { PlaybackGate } from "./playback-gate";
import { SpeakerKeeper } from "./speaker-keeper";

const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

async function setUp(options: { prefer?: string } = {}) {
  const clock = new FakeClock();
  const devices = new FakeMediaDevices();
  const store = new DeviceStore({ port: devices, storage: { getItem: () => null, setItem: () => undefined } });
  store.start();
  await settle();
  store.prefer("speaker", options.prefer ?? "headset-out");
  store.prefer("microphone", "headset-in");
  const log: string[] = [];
  const gate = new PlaybackGate((command) =>
    log.push(command.type === "pause" ? `pause ${command.rewindSamples}` : command.type),
  );
  const onNotice = ({ words, action }: { words: string; action: string }) => void log.push(`${words} ${action}`);
  const onNoticeOver = (code: string) => void log.push(`${code} over`);
  const health = new MicHealth({ onNotice: (code) => onNotice(healthNotice(code)), onNoticeOver });
  const broken = new Set<string>();
  return { clock, devices, store, log, gate, onNotice, onNoticeOver, health, broken };
}
type World = Awaited<ReturnType<typeof setUp>>;

/** Lets time pass in steps, in which promises settle. */
async function pass(clock: FakeClock, durationMs: number) {
  for (let ms = 0; ms < durationMs; ms += 50) {
    clock.advanceMs(50);
    await settle();
  }
}

async function startSpeaker(world: World) {
  const { log, broken } = world;
  const keeper = await SpeakerKeeper.start({
    ...world,
    sampleRateHz: 48_000,
    latencySamples: () => 480,
    setSpeaker: async (id) => {
      if (broken.has(id ?? "default")) throw new Error("broken");
      log.push(`to ${id ?? "default"}`);
    },
  });
  log.length = 0;
  return keeper;
}

async function openMicrophone(world: World) {
  const requests: MicrophoneRequest[] = [];
  const heard: number[] = [];
  let isLost = false;
  const keeper = await MicrophoneKeeper.open(
    {
      ...world,
      open: async (request) => {
        const problem = world.broken.has(request.deviceId ?? "") ? new AudioProblem("mic-busy") : undefined;
        if (problem !== undefined) throw problem;
        requests.push(request);
        world.devices.isAllowed = true;
        world.log.push(`mic ${request.deviceId}`);
        return {
          label: "",
          deviceId: request.deviceId ?? "",
          close: () => void world.log.push(`mic ${request.deviceId} closed`),
        };
      },
    },
    { onPcm: (pcm) => void heard.push(pcm[0] ?? 0), onLost: () => void (isLost = true) },
  );
  return { keeper, requests, heard, isLost: () => isLost };
}

describe("speaker", () => {
  test("unplugged: halts before what was not heard, takes the next by rank, goes on, and says so", async () => {
    const world = await setUp();
    await startSpeaker(world);
    await world.devices.unplug("headset-out");
    expect(world.log.filter((line) => !line.endsWith("over"))).toEqual([
      "pause 12480",
      "to default",
      "resume",
      "Headset gone. Using Laptop speakers.",
    ]);
    expect(world.store.getView().active.speaker).toBe("default");
  });

  test("plugged in again it stays with the new one, until the person chooses", async () => {
    const world = await setUp();
    await startSpeaker(world);
    await world.devices.unplug("headset-out");
    world.log.length = 0;
    await world.devices.plugBack("headset-out");
    expect(world.log).toEqual([]);
    world.store.prefer("speaker", "headset-out");
    await settle();
    expect(world.log).toEqual(["pause 480", "to headset-out", "resume"]);
  });

  test("what stood behind the system's default going away is a loss too", async () => {
    const world = await setUp({ prefer: "default" });
    await startSpeaker(world);
    await world.devices.unplug("headset-out");
    expect(world.log.at(-1)).toBe("Headset gone. Using Laptop speakers.");
  });

  test("a next one that is not ready is tried again with back-off, and the player waits", async () => {
    const world = await setUp();
    await startSpeaker(world);
    world.broken.add("default").add("laptop-out");
    await world.devices.unplug("headset-out");
    expect(world.log).toEqual(["pause 12480"]);
    world.broken.delete("laptop-out");
    await pass(world.clock, 150);
    expect(world.log).toContain("to laptop-out");
  });

  test("with no speaker left the answer waits for the next one", async () => {
    const world = await setUp();
    await startSpeaker(world);
    await world.devices.unplug("headset-out", "laptop-out", "default");
    await pass(world.clock, 10_000);
    expect(world.log).not.toContain("resume");
    expect(world.log.at(-1)).toContain("The answer waits for it.");
    await world.devices.plugBack("laptop-out");
    await settle();
    expect(world.log.slice(-3)).toEqual(["speaker-lost over", "Headset gone. Using Laptop speakers.", "resume"]);
  });

  test("at the end of the conversation the player is let go and nobody listens any more", async () => {
    const world = await setUp();
    const keeper = await startSpeaker(world);
    await world.devices.unplug("headset-out", "laptop-out", "default");
    keeper.dispose();
    await pass(world.clock, 5_000);
    expect(world.log.at(-1)).toBe("resume");
    expect(world.store.getView().active.speaker).toBeUndefined();
    expect(world.clock.pendingCount).toBe(0);
  });
});

describe("microphone", () => {
  test("unplugged: the agent waits, the next by rank is opened, and says so", async () => {
    const world = await setUp();
    const { requests } = await openMicrophone(world);
    world.log.length = 0;
    const unplugged = world.devices.unplug("headset-in");
    requests[0]?.onEnded();
    await unplugged;
    expect(world.log).toEqual([
      "pause 0",
      "mic headset-in closed",
      "mic default",
      "resume",
      "Headset gone. Using Laptop microphone.",
    ]);
  });

  test("while another is looked for the orchestrator hears silence, and the agent speaks on after 0.7 s", async () => {
    const world = await setUp();
    const { requests, heard } = await openMicrophone(world);
    world.broken.add("default").add("laptop-in").add("headset-in");
    requests[0]?.onEnded();
    await pass(world.clock, 1_000);
    expect(heard).toHaveLength(50);
    expect(world.log.at(-1)).toBe("resume");
    world.broken.clear();
    await pass(world.clock, 1_000);
    expect(world.log.at(-2)).toMatch(/^mic /);
    expect(world.clock.pendingCount).toBe(0);
  });

  test("with none left it is lost, and what it would have sent ends", async () => {
    const world = await setUp();
    const { requests, isLost } = await openMicrophone(world);
    world.broken.add("default").add("laptop-in").add("headset-in");
    requests[0]?.onEnded();
    await pass(world.clock, 4_000);
    expect(isLost()).toBe(true);
    expect(world.clock.pendingCount).toBe(0);
    expect(world.store.getView().active.microphone).toBeUndefined();
  });

  test("in use by another program: the next one is taken, and it is said why", async () => {
    const world = await setUp();
    world.broken.add("headset-in").add("default");
    await openMicrophone(world);
    expect(world.log.at(-1)).toBe("Headset is in use by another program. Using Laptop microphone.");
  });

  test("all in use: the person is told of the one they wanted", async () => {
    const world = await setUp();
    world.broken.add("headset-in").add("default").add("laptop-in");
    await expect(openMicrophone(world)).rejects.toMatchObject({ code: "mic-busy" });
  });

  test("another choice takes over without a gap, and late sound of the old one is nothing", async () => {
    const world = await setUp();
    const { requests, heard } = await openMicrophone(world);
    world.store.prefer("microphone", "laptop-in");
    await settle();
    expect(world.log.slice(-2)).toEqual(["mic laptop-in", "mic headset-in closed"]);
    requests[0]?.onPcm(Int16Array.of(1), false);
    requests[0]?.onEnded();
    requests[1]?.onPcm(Int16Array.of(2), false);
    await settle();
    expect(heard).toEqual([2]);
    expect(requests).toHaveLength(2);
  });

  test("before the first permission the browser's own is taken, then the one that is wanted", async () => {
    const world = await setUp();
    world.devices.isAllowed = false;
    await world.store.refresh();
    await openMicrophone(world);
    expect(world.log).toEqual(["mic undefined", "mic headset-in", "mic undefined closed"]);
  });
});

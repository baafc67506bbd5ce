import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openFlightRecorder, type FlightRecorder } from "#adapters/flight-recorder/flight-recorder";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import { hasCode } from "#contracts/errors";
import { TalkEvent } from "#contracts/events/talk-event";
import { RecordedSession, type RecordingScope } from "#contracts/recording/recording";
import { readMonoWav } from "#core/audio/wav";
import { AdminClient } from "#core/client/admin-client";
import { silentLogger } from "#core/ports/logger";
import { connectAdmin } from "#testing/connect-admin";
import { createFakeSettings, type FakeSettings } from "#testing/fake-settings";
import { ask, createHarness, LONG_ANSWER, type OrchestratorHarness } from "#testing/orchestrator-harness";
import { createScriptedBrain } from "#testing/scripted-brain";
import { settle, type TestClient } from "#testing/session-bench";
import { createOrchestrator, type Orchestrator } from "../orchestrator";

let root: string;
let harness: OrchestratorHarness<Orchestrator>;
let recorder: FlightRecorder;
let settings: FakeSettings;

async function build(scope: RecordingScope, answer?: typeof LONG_ANSWER): Promise<void> {
  settings = createFakeSettings({ recording: scope });
  const initial = await settings.read();
  harness = await createHarness({
    createRegistry: (clock) => createMemoryRegistry({ clock }),
    createOrchestrator(deps) {
      recorder = openFlightRecorder({
        folder: root,
        limits: { maxTotalBytes: 1e9, maxAgeDays: 30 },
        clock: deps.clock,
        ids: deps.ids,
        log: silentLogger,
      });
      const { turn, vad, echo } = OrchestratorConfig.parse({});
      return createOrchestrator({
        ...deps,
        ...(answer === undefined ? {} : { brain: createScriptedBrain({ clock: deps.clock, answers: [answer, []] }) }),
        recording: { recorder, folder: root, scope, config: { turn, vad, echo } },
        settings: {
          keeper: settings,
          initial,
          hasMode: true,
          configuredDelays: turn,
          chooseBrain: () => Promise.resolve(deps.brain),
          tryBrain: () => Promise.resolve({ models: [] }),
        },
        admin: {
          redisStatus: () => undefined,
          testRedis: () => Promise.resolve({ roundTripMs: 1, version: "7.0.0" }),
          archive: recorder.archive,
        },
      });
    },
  });
}

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "parley-session-"));
});
afterEach(async () => {
  await harness.orchestrator.stop({ timeoutMs: 1_000 });
  await rm(root, { recursive: true, force: true });
});

/** The user leaves and everything is written. */
async function leave(client: TestClient): Promise<void> {
  client.say({ type: "bye" });
  await settle();
  await harness.orchestrator.stop({ timeoutMs: 1_000 });
}

async function onlyRecording() {
  const [id = "", ...others] = (await readdir(root)).filter((name) => !name.startsWith("."));
  expect(others).toEqual([]);
  const read = (name: string): Promise<Buffer> => readFile(path.join(root, id, name));
  const events = (await read("events.jsonl"))
    .toString()
    .trimEnd()
    .split("\n")
    .map((line) => TalkEvent.parse(JSON.parse(line)));
  const sound = async (name: string) => readMonoWav(await read(name));
  return { id, events, sound, session: RecordedSession.parse(JSON.parse((await read("session.json")).toString())) };
}

const scopes = (client: TestClient): string[] => client.of("recording").map(({ scope }) => scope);

describe("a session with recording on", () => {
  it("[RC3] has what was said, heard and played on one clock", async () => {
    await build("audio");
    const client = await harness.started();
    expect(scopes(client)).toEqual(["audio"]);
    await ask(client);
    await client.pass(1_500);
    await leave(client);
    const { events, session, sound } = await onlyRecording();
    expect(session).toMatchObject({ voice: "flite-slt", recordedBy: "orchestrator", micSampleRateHz: 16_000 });
    expect(session.config.turn).toMatchObject({ endpointDelayMs: 450, minInterruptionMs: 200 });
    const at = (type: TalkEvent["type"]): number => events.find((event) => event.type === type)?.atMs ?? NaN;
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(["session-started", "user-transcript-end", "agent-playout-start", "agent-playout-end"]),
    );
    const mic = await sound("mic.wav");
    const speaker = await sound("speaker.wav");
    expect(mic.pcm.length / 16).toBe(session.durationMs);
    expect(speaker.pcm.length / 48).toBe(session.durationMs);
    // The user speaks first, for 800 ms from the first frame on.
    expect(mic.pcm.findIndex((sample) => sample !== 0)).toBe(0);
    expect(mic.pcm.findLastIndex((sample) => sample !== 0)).toBe(800 * 16 - 1);
    const audible = { from: speaker.pcm.findIndex(isLoud) / 48, until: speaker.pcm.findLastIndex(isLoud) / 48 };
    expect(audible.from).toBeGreaterThanOrEqual(at("agent-playout-start"));
    expect(audible.until).toBeLessThanOrEqual(at("agent-playout-end"));
    expect(audible.until - audible.from).toBeGreaterThan(200);
    expect(audible.from).toBeGreaterThan(at("user-transcript-end"));
  });

  it("what was flushed is not among what was played", async () => {
    await build("audio", LONG_ANSWER);
    const client = await harness.started();
    await ask(client);
    await client.pass(600);
    await client.pass(600, "loud");
    await client.pass(1_000);
    const stopped = client.of("agent-turn-end")[0];
    expect(stopped?.reason).toBe("interrupted");
    await leave(client);
    const { events, sound } = await onlyRecording();
    const start = events.find((event) => event.type === "agent-playout-start");
    const end = events.find((event) => event.type === "agent-playout-end");
    const playedMs = (end?.atMs ?? 0) - (start?.atMs ?? 0);
    expect(playedMs).toBeGreaterThan(400);
    expect(playedMs).toBeLessThan(1_400);
    const { pcm } = await sound("speaker.wav");
    const endSample = Math.ceil((end?.atMs ?? 0) * 48);
    expect(pcm.slice(0, endSample).some(isLoud)).toBe(true);
    // The next answer comes a second later at the earliest.
    expect(pcm.slice(endSample, endSample + 24_000).some(isLoud)).toBe(false);
  });

  it("a client that comes back finds its recording going on", async () => {
    await build("text");
    const client = await harness.started();
    await client.pass(400);
    client.drop();
    await settle();
    const { sessionId, resumeToken } = client.last("session-started");
    const again = harness.connect();
    again.start({ resume: { sessionId, resumeToken } });
    await settle();
    expect(scopes(again)).toEqual(["text"]);
    await ask(again);
    await again.pass(1_500);
    await leave(again);
    const { events } = await onlyRecording();
    expect(events.filter(({ type }) => type === "agent-turn-end")).toHaveLength(1);
  });
});

describe("[RC2] the scope", () => {
  it("off: nothing is written", async () => {
    await build("off");
    const client = await harness.started();
    await ask(client);
    await client.pass(1_500);
    expect(scopes(client)).toEqual(["off"]);
    await leave(client);
    expect(await readdir(root)).toEqual([]);
  });

  it("turned on in a conversation, it begins there and the client is told", async () => {
    await build("off");
    const client = await harness.started();
    await client.pass(1_000);
    await settings.change({ recording: "text" });
    await settle();
    expect(scopes(client)).toEqual(["off", "text"]);
    await ask(client);
    await client.pass(1_500);
    await leave(client);
    const { session, events } = await onlyRecording();
    expect(session.hasAudio).toBe(false);
    expect(events[0]).toMatchObject({ type: "session-started", atMs: 0 });
    expect(session.durationMs).toBeLessThan(4_000);
  });

  it("turned off in a conversation, nothing that is said later is kept", async () => {
    await build("text");
    const client = await harness.started();
    await client.pass(1_000);
    await settings.change({ recording: "off" });
    await ask(client);
    await client.pass(1_500);
    expect(scopes(client)).toEqual(["text", "off"]);
    await leave(client);
    const { events, session } = await onlyRecording();
    expect(events.some(({ type }) => type === "user-transcript-end")).toBe(false);
    expect(session.durationMs).toBe(1_000);
  });
});

it("[RC5] a folder that cannot be written is told, and the conversation goes on", async () => {
  await rm(root, { recursive: true });
  await writeFile(root, "a file where the folder should be");
  await build("audio");
  const client = await harness.started();
  await ask(client);
  await client.pass(1_500);
  expect(client.of("error").map(({ code }) => code)).toEqual(["recording-failed"]);
  expect(scopes(client)).toEqual(["audio", "off"]);
  expect(client.last("agent-turn-end").reason).toBe("completed");
});

describe("[RC8] the history by parley.admin.v1", () => {
  async function keptOne(): Promise<{ admin: AdminClient; id: string }> {
    await build("audio");
    const client = await harness.started();
    await ask(client);
    await client.pass(1_500);
    const admin = new AdminClient({
      clock: harness.world.clock,
      connect: connectAdmin((connection) => harness.orchestrator.accept(connection)),
    });
    admin.start();
    // The folder is written by a real disk, whatever the clock says.
    const id = await vi.waitFor(async () => {
      const [kept] = (await admin.call("conversations-list", { query: "" })).conversations;
      expect(kept?.isRunning).toBe(true);
      return kept?.id ?? "";
    });
    await expect(admin.call("conversation-delete", { id })).rejects.toSatisfy((error) =>
      hasCode(error, "recording-running"),
    );
    client.say({ type: "bye" });
    await settle();
    await vi.waitFor(async () => expect((await recorder.archive.get(id)).isRunning).toBe(false));
    return { admin, id };
  }

  it("is searched, read, heard, deleted and brought back", async () => {
    const { admin, id } = await keptOne();
    const idsFor = async (query: string) =>
      (await admin.call("conversations-list", { query })).conversations.map((kept) => kept.id);
    expect(await idsFor("INDEED hello")).toEqual([id]);
    expect(await idsFor("nothing of it")).toEqual([]);
    const { messages } = await admin.call("conversation-get", { id });
    expect(messages.map(({ role, text }) => [role, text])).toEqual([
      ["user", "hello"],
      ["agent", "Yes indeed."],
    ]);
    const sound = await admin.call("conversation-sound", { id, fromMs: 0, lengthMs: 100 });
    expect(Buffer.from(sound.user.pcm, "base64").length).toBe(3_200);
    await admin.call("conversation-delete", { id });
    expect(await idsFor("")).toEqual([]);
    await admin.call("conversation-restore", { id });
    expect(await idsFor("")).toEqual([id]);
  });

  it("an id that is a path leads nowhere", async () => {
    const { admin } = await keptOne();
    await expect(admin.call("conversation-get", { id: "../../etc" })).rejects.toSatisfy((error) =>
      hasCode(error, "unknown-conversation"),
    );
  });
});

function isLoud(sample: number): boolean {
  return Math.abs(sample) > 100;
}

import { describe, expect, it } from "vitest";
import type { DesktopEvent, TalkReport } from "#contracts/ipc/desktop-bridge";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { AdminClient } from "#core/client/admin-client";
import { FakeAdmin } from "#testing/fake-admin";
import { FakeClock } from "#testing/fake-clock";
import { createFakeConnector } from "#testing/fake-transport";
import { ConversationController } from "../conversation/conversation-controller";
import { WorkerStatusStore } from "../worker/worker-status";
import { bindDesktop } from "./bind-desktop";
import { followWorker } from "./follow-worker";
import { PartsStore } from "./parts-store";

const STARTED: Extract<ServerMessage, { type: "session-started" }> = {
  type: "session-started",
  sessionId: "session-1",
  resumeToken: "resume-1",
  isResumed: false,
  protocolVersion: 1,
  agentAudio: { sampleRateHz: 48_000, frameSamples: 960 },
  voice: "slt",
  voices: ["slt"],
  brain: { kind: "builtin", label: "Built-in responder" },
};

const settle = () => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const wire = createFakeConnector();
  const clock = new FakeClock();
  const holds: string[] = [];
  const controller = new ConversationController({
    connect: wire.connect,
    clock,
    readToken: () => "secret",
    openAudio: async () => ({
      sampleRateHz: 48_000,
      play: () => undefined,
      flush: () => undefined,
      duck: () => undefined,
      unduck: () => undefined,
      openMicrophone: async () => ({ dispose: () => undefined }),
      pause: () => {
        holds.push("hold");
        return { dispose: () => void holds.push("release") };
      },
      resume: async () => undefined,
      close: async () => undefined,
    }),
  });
  const reports: TalkReport[] = [];
  let tell: (event: DesktopEvent) => void = () => undefined;
  const parts = new PartsStore();
  const admin = new FakeAdmin();
  const client = new AdminClient({ connect: admin.connect, clock });
  client.start();
  let role = "conversation";
  let onRole: () => void = () => undefined;
  const roles = { getRole: () => role, subscribe: (listener: () => void) => ((onRole = listener), () => undefined) };
  const becomeWorker = async () => {
    role = "worker";
    onRole();
    await settle();
  };
  const binding = bindDesktop({
    controller,
    parts,
    worker: followWorker(roles, new WorkerStatusStore(client)),
    bridge: {
      report: async (talk) => void reports.push(talk),
      onEvent: (listener) => {
        tell = listener;
        return () => (tell = () => undefined);
      },
    },
  });
  const talk = async () => {
    tell({ type: "command", command: "toggle-talk" });
    await settle();
    wire.latest().open();
    wire.latest().deliver(STARTED);
    await settle();
  };
  const hear = (event: DesktopEvent) => tell(event);
  return { wire, clock, controller, reports, parts, holds, talk, binding, admin, becomeWorker, tell: hear };
}

describe("the conversation from outside its page", () => {
  it("is reported when it changes, and only then", async () => {
    const { reports, talk, controller } = setUp();
    expect(reports).toHaveLength(1);
    await talk();
    expect(reports.at(-1)).toEqual({
      canTalk: true,
      isTalking: true,
      hasMicrophone: true,
      isMuted: false,
      isPaused: false,
      status: "Listening",
    });
    const count = reports.length;
    controller.setVoice("slt");
    expect(reports).toHaveLength(count);
  });

  it("gives way to the worker where this computer is one for others alone", async () => {
    const { reports, becomeWorker, admin, tell, wire } = setUp();
    await becomeWorker();
    admin.push();
    await settle();
    expect(reports.at(-1)).toMatchObject({ canTalk: false, status: "Worker serves others, 1 of 8 in use" });
    tell({ type: "command", command: "toggle-talk" });
    await settle();
    expect(wire.connections).toHaveLength(0);
  });

  it("is begun, muted, halted and ended by command", async () => {
    const { talk, tell, controller } = setUp();
    await talk();
    tell({ type: "command", command: "toggle-mute" });
    expect(controller.getView().isMuted).toBe(true);
    tell({ type: "command", command: "toggle-pause" });
    expect(controller.getView().isPaused).toBe(true);
    tell({ type: "command", command: "toggle-talk" });
    expect(controller.getView()).toMatchObject({ phase: "ended", isPaused: false, isMuted: false });
  });

  it("is left alone after the binding has ended", () => {
    const { binding, tell, controller } = setUp();
    binding.dispose();
    tell({ type: "command", command: "toggle-talk" });
    expect(controller.getView().phase).toBe("idle");
  });
});

describe("sleep", () => {
  it("halts the conversation, and waking goes on", async () => {
    const { talk, tell, controller, holds } = setUp();
    await talk();
    tell({ type: "suspend" });
    expect(controller.getView().isPaused).toBe(true);
    expect(holds).toEqual(["hold"]);
    tell({ type: "wake" });
    expect(controller.getView()).toMatchObject({ isPaused: false, phase: "active" });
    expect(holds).toEqual(["hold", "release"]);
  });

  it("leaves a conversation paused that the person had paused", async () => {
    const { talk, tell, controller } = setUp();
    await talk();
    controller.setPaused(true);
    tell({ type: "suspend" });
    tell({ type: "wake" });
    expect(controller.getView().isPaused).toBe(true);
  });

  it("that the session did not outlive ends in a new one, under what was said", async () => {
    const { talk, tell, wire, clock, controller } = setUp();
    await talk();
    await controller.sendText("Hello");
    tell({ type: "suspend" });
    for (let i = 0; i < 20 && controller.getView().phase !== "ended"; i++) {
      wire.latest().drop();
      clock.advanceMs(5_000);
    }
    expect(controller.getView().phase).toBe("ended");
    tell({ type: "wake" });
    await settle();
    wire.latest().open();
    wire.latest().deliver({ ...STARTED, sessionId: "session-2" });
    await settle();
    expect(controller.getView()).toMatchObject({
      phase: "active",
      hasMicrophone: true,
      isPaused: false,
      conversation: { entries: [{ text: "Hello" }] },
      problems: [{ code: "session-renewed" }],
    });
  });

  it("without a conversation starts none", () => {
    const { tell, controller } = setUp();
    tell({ type: "suspend" });
    expect(controller.getView().isPaused).toBe(false);
    tell({ type: "wake" });
    expect(controller.getView().phase).toBe("idle");
  });
});

it("parts that are down are known until they are back", () => {
  const { parts, tell } = setUp();
  let changeCount = 0;
  parts.subscribe(() => changeCount++);
  tell({ type: "part", part: "ears", state: "restarting" });
  tell({ type: "part", part: "ears", state: "restarting" });
  tell({ type: "part", part: "tts-worker", state: "restarting" });
  expect(parts.getDown()).toEqual(["ears", "tts-worker"]);
  tell({ type: "part", part: "ears", state: "ready" });
  expect(parts.getDown()).toEqual(["tts-worker"]);
  expect(changeCount).toBe(3);
});

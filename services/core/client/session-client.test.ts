import { describe, expect, test } from "vitest";
import { decodeAudioFrame, encodeAudioFrame } from "#contracts/protocol/audio-frame";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { FakeClock } from "#testing/fake-clock";
import { createFakeConnector } from "#testing/fake-transport";
import { SessionClient } from "./session-client";
import type { SessionEvent, SessionStartOptions } from "./session-events";

const STARTED: ServerMessage = {
  type: "session-started",
  sessionId: "session-1",
  resumeToken: "resume-1",
  isResumed: false,
  protocolVersion: 1,
  agentAudio: { sampleRateHz: 48_000, frameSamples: 960 },
  voice: "slt",
  voices: ["slt", "awb"],
  brain: { kind: "builtin", label: "Built-in responder" },
};

function setUp(options: Partial<SessionStartOptions> = {}) {
  const clock = new FakeClock();
  const wire = createFakeConnector();
  const client = new SessionClient({ connect: wire.connect, clock });
  const events: SessionEvent[] = [];
  client.subscribe((event) => void events.push(event));
  const started = client.start({ sampleRateHz: 48_000, ...options });
  started.catch(() => undefined);
  return { clock, wire, client, events, started };
}

function setUpOpen(options: Partial<SessionStartOptions> = {}) {
  const session = setUp(options);
  session.wire.latest().open();
  session.wire.latest().deliver(STARTED);
  return session;
}

describe("start", () => {
  test("sends session-start first and resolves with the orchestrator's answer", async () => {
    const { wire, started, client } = setUp({ token: "secret", voice: "awb", sampleRateHz: 16_000 });
    wire.latest().open();
    expect(wire.latest().sentText).toEqual([
      { type: "session-start", token: "secret", voice: "awb", audio: { sampleRateHz: 16_000 } },
    ]);
    wire.latest().deliver(STARTED);
    await expect(started).resolves.toMatchObject({ sessionId: "session-1" });
    expect(client.connection).toEqual({ type: "open" });
  });

  test.each([
    [1006, "connect-failed"],
    [4401, "unauthorized"],
    [4403, "forbidden-origin"],
    [4503, "at-capacity"],
  ])("a close with %i before the start is %s", async (closeCode, code) => {
    const { wire, started } = setUp();
    wire.latest().open();
    wire.latest().drop(closeCode);
    await expect(started).rejects.toMatchObject({ code });
  });

  test("a start that is refused for good ends at once, also when the orchestrator does not close", async () => {
    const { wire, started } = setUp();
    wire.latest().open();
    wire.latest().deliver({ type: "error", code: "unsupported-audio", message: "no", action: "do", retryable: false });
    expect(wire.latest().closedWith).toBe(1000);
    await expect(started).rejects.toMatchObject({ code: "unsupported-audio", message: "no" });
  });

  test("the error before a bad-message close says what was bad", async () => {
    const { wire, started } = setUp();
    wire.latest().open();
    wire.latest().deliver({ type: "error", code: "internal", message: "no", action: "do", retryable: true });
    wire.latest().drop(4400);
    await expect(started).rejects.toMatchObject({ code: "internal", message: "no" });
  });

  test("the error before a rate-limited close may be about tokens", async () => {
    const { wire, started } = setUp();
    wire.latest().open();
    const error = { message: "no", action: "do", retryable: true } as const;
    wire.latest().deliver({ type: "error", code: "too-many-wrong-tokens", ...error });
    wire.latest().drop(4429);
    await expect(started).rejects.toMatchObject({ code: "too-many-wrong-tokens" });
  });

  test("an orchestrator that stays silent is given up", async () => {
    const { wire, clock, started } = setUp();
    wire.latest().open();
    clock.advanceMs(10_000);
    await expect(started).rejects.toMatchObject({ code: "connect-failed" });
    expect(wire.latest().closedWith).toBe(1000);
    expect(clock.pendingCount).toBe(0);
  });

  test("works once", async () => {
    const { client } = setUpOpen();
    await expect(client.start({ sampleRateHz: 48_000 })).rejects.toMatchObject({ code: "already-started" });
  });
});

describe("mic", () => {
  const frames = (bytes: Uint8Array[]) => bytes.map((frame) => decodeAudioFrame(frame));

  test.each([16_000, 44_100, 48_000] as const)(
    "goes out in frames of 20 ms at %i Hz, each at its place",
    (sampleRateHz) => {
      const { wire, client } = setUpOpen({ sampleRateHz });
      const sent = Int16Array.from({ length: sampleRateHz / 10 }, (_, i) => i);
      for (let at = 0; at < sent.length; at += 128) client.sendMic(sent.subarray(at, at + 128));
      const got = frames(wire.latest().sentBytes);
      expect(got.map((frame) => frame?.sequence)).toEqual([0, 1, 2, 3, 4]);
      expect(got.map((frame) => frame?.sampleIndex)).toEqual([0, 1, 2, 3, 4].map((i) => (i * sampleRateHz) / 50));
      expect(got.flatMap((frame) => [...(frame?.pcm ?? [])])).toEqual([...sent]);
    },
  );

  test("frames are dropped while the socket is behind, and the gap shows in the sample index", () => {
    const { wire, client } = setUpOpen();
    const frame = new Int16Array(960);
    client.sendMic(frame);
    wire.latest().bufferedBytes = 48_001;
    client.sendMic(frame);
    wire.latest().bufferedBytes = 0;
    client.sendMic(frame);
    expect(frames(wire.latest().sentBytes)).toMatchObject([
      { sequence: 0, sampleIndex: 0 },
      { sequence: 1, sampleIndex: 1920 },
    ]);
    expect(client.droppedMicFrameCount).toBe(1);
  });

  test("nothing goes out before the session has started", () => {
    const { wire, client } = setUp();
    wire.latest().open();
    client.sendMic(new Int16Array(960));
    expect(wire.latest().sentBytes).toEqual([]);
  });
});

describe("messages", () => {
  test("arrive checked, frames decoded, in the order of the wire", () => {
    const { wire, events } = setUpOpen();
    events.length = 0;
    const frame = {
      kind: "agent" as const,
      turn: 1,
      sequence: 7,
      sampleIndex: 960,
      isLast: true,
      pcm: Int16Array.of(1, -2, 3),
    };
    wire.latest().deliver({ type: "agent-turn-start", turn: 1 });
    wire.latest().deliver(encodeAudioFrame(frame));
    wire.latest().deliver({ type: "flush", fromSample: 960 });
    expect(events).toEqual([
      { type: "message", message: { type: "agent-turn-start", turn: 1 } },
      { type: "audio", frame },
      { type: "message", message: { type: "flush", fromSample: 960 } },
    ]);
  });

  test.each([["{"], ['{"type":"flush","fromSample":-1}'], ['{"type":"nonsense"}'], [new Uint8Array(3)]])(
    "%s is reported and the session goes on",
    (data) => {
      const { wire, events, client } = setUpOpen();
      wire.latest().deliver(data);
      expect(events.at(-1)).toMatchObject({
        type: "protocol-error",
        error: { code: typeof data === "string" ? "bad-message" : "bad-frame" },
      });
      expect(client.connection.type).toBe("open");
    },
  );

  test("the user's actions go out as messages", () => {
    const { wire, client } = setUpOpen();
    client.sendText("hello");
    client.interrupt();
    client.setVoice("awb");
    client.reportPlayout(960.7);
    client.reportPlayout(960);
    client.reportPlayout(500);
    client.bye();
    expect(wire.latest().sentText.slice(1)).toEqual([
      { type: "text", text: "hello" },
      { type: "interrupt" },
      { type: "settings", voice: "awb" },
      { type: "playout", positionSamples: 960 },
      { type: "bye" },
    ]);
    expect(wire.latest().closedWith).toBe(1000);
    expect(client.connection).toEqual({ type: "ended", error: undefined });
  });

  test("text that cannot be said is refused here", () => {
    const { client } = setUpOpen();
    expect(() => client.sendText(" \n")).toThrow(expect.objectContaining({ code: "text-empty" }));
    expect(() => client.sendText("x".repeat(10_001))).toThrow(expect.objectContaining({ code: "text-too-long" }));
    client.bye();
    expect(() => client.sendText("hello")).toThrow(expect.objectContaining({ code: "not-started" }));
  });
});

describe("a dropped connection", () => {
  const resumed: ServerMessage = { ...STARTED, isResumed: true };

  test("is resumed with the session's token and the voice chosen last", () => {
    const { wire, client, clock } = setUpOpen({ token: "secret" });
    client.setVoice("awb");
    wire.latest().drop();
    expect(client.connection).toEqual({ type: "resuming", attempt: 1 });
    clock.advanceMs(250);
    wire.latest().open();
    expect(wire.latest().sentText).toEqual([
      {
        type: "session-start",
        token: "secret",
        voice: "awb",
        audio: { sampleRateHz: 48_000 },
        resume: { sessionId: "session-1", resumeToken: "resume-1" },
      },
    ]);
    wire.latest().deliver(resumed);
    expect(client.connection).toEqual({ type: "open" });
    expect(wire.connections).toHaveLength(2);
  });

  test("keeps the microphone's clock running", () => {
    const { wire, client, clock } = setUpOpen();
    wire.latest().drop();
    client.sendMic(new Int16Array(9600));
    clock.advanceMs(250);
    wire.latest().open();
    wire.latest().deliver(resumed);
    client.sendMic(new Int16Array(960));
    expect(decodeAudioFrame(wire.latest().sentBytes[0] ?? new Uint8Array())).toMatchObject({
      sequence: 0,
      sampleIndex: 9600,
    });
  });

  test("is tried again with growing delays and given up when the orchestrator has forgotten the session", () => {
    const { wire, client, clock } = setUpOpen();
    const atMs: number[] = [];
    const dropAtMs = clock.nowMs();
    wire.latest().drop();
    while (client.connection.type === "resuming") {
      const before = wire.connections.length;
      clock.advanceMs(50);
      if (wire.connections.length > before) {
        atMs.push(clock.nowMs() - dropAtMs);
        wire.latest().drop();
      }
    }
    expect(atMs.slice(0, 6)).toEqual([250, 750, 1750, 3750, 7750, 11_750]);
    expect(atMs.at(-1)).toBeLessThanOrEqual(30_000);
    expect(client.connection).toMatchObject({ type: "ended", error: { code: "connect-failed" } });
    expect(clock.pendingCount).toBe(0);
  });

  test("ends at once when the orchestrator cannot resume it, also when it does not close", () => {
    const { wire, client, clock } = setUpOpen();
    wire.latest().drop();
    clock.advanceMs(250);
    wire.latest().open();
    wire.latest().deliver({ type: "error", code: "resume-failed", message: "gone", action: "start", retryable: false });
    expect(wire.latest().closedWith).toBe(1000);
    expect(clock.pendingCount).toBe(0);
    expect(client.connection).toMatchObject({ type: "ended", error: { code: "resume-failed" } });
  });

  test("is resumed at the next drop too", () => {
    const { wire, client, clock } = setUpOpen();
    for (let round = 0; round < 3; round++) {
      wire.latest().drop();
      clock.advanceMs(250);
      wire.latest().open();
      wire.latest().deliver(resumed);
      expect(client.connection.type).toBe("open");
    }
  });

  test("what an old connection still says is ignored", () => {
    const { wire, events, clock } = setUpOpen();
    const old = wire.latest();
    old.drop();
    clock.advanceMs(250);
    events.length = 0;
    old.deliver({ type: "unduck" });
    expect(events).toEqual([]);
  });

  test("a voice chosen meanwhile is told when it is back, once", () => {
    const { wire, client, clock } = setUpOpen();
    wire.latest().drop();
    client.setVoice("awb");
    clock.advanceMs(250);
    wire.latest().open();
    wire.latest().deliver({ ...STARTED, isResumed: true });
    expect(wire.latest().sentText.at(-1)).toEqual({ type: "settings", voice: "awb" });
    wire.latest().drop();
    clock.advanceMs(250);
    wire.latest().open();
    wire.latest().deliver({ ...STARTED, isResumed: true });
    expect(wire.latest().sentText).toHaveLength(1);
  });

  test("is not resumed when the orchestrator closed it for good, or after bye", () => {
    const idle = setUpOpen();
    idle.wire.latest().drop(4408);
    expect(idle.client.connection).toMatchObject({ type: "ended", error: { code: "idle-timeout" } });
    const replaced = setUpOpen();
    replaced.wire.latest().drop(4409);
    expect(replaced.client.connection).toMatchObject({ type: "ended", error: { code: "resumed-elsewhere" } });
    const left = setUpOpen();
    left.client.bye();
    left.wire.latest().drop();
    left.clock.advanceMs(60_000);
    expect(left.wire.connections).toHaveLength(1);
  });

  test("bye ends the resuming", () => {
    const { wire, client, clock } = setUpOpen();
    wire.latest().drop();
    client.bye();
    clock.advanceMs(60_000);
    expect(wire.connections).toHaveLength(1);
    expect(clock.pendingCount).toBe(0);
  });
});

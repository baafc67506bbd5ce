import { describe, expect, test } from "vitest";
import { decodeAudioFrame, encodeAudioFrame } from "#contracts/protocol/audio-frame";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { FakeClock } from "#testing/fake-clock";
import { createFakeConnector } from "#testing/fake-transport";
import type { AudioEngine, AudioEngineEvents, MicrophoneEvents } from "../../audio/audio-engine";
import { AudioProblem } from "../../audio/audio-problem";
import { healthNotice, switchedNotice } from "../../audio/device-notice";
import { ConversationController } from "./conversation-controller";
import { statusWords } from "./status-words";

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

/** Remembers what it was told, and lets the test play microphone and loudspeaker. */
class FakeAudio implements AudioEngine {
  readonly sampleRateHz = 48_000;
  readonly log: string[] = [];
  microphone: MicrophoneEvents | undefined;
  readonly #micFailure: AudioProblem | undefined;

  constructor(micFailure?: AudioProblem) {
    this.#micFailure = micFailure;
  }

  play = ({ sampleIndex }: { sampleIndex: number }): void => void this.log.push(`play ${sampleIndex}`);
  flush = (fromSample: number): void => void this.log.push(`flush ${fromSample}`);
  duck = (gainDb: number): void => void this.log.push(`duck ${gainDb}`);
  unduck = (): void => void this.log.push("unduck");
  resume = async (): Promise<void> => void this.log.push("resume");
  pause = () => {
    this.log.push("hold");
    return { dispose: () => void this.log.push("release") };
  };
  close = async (): Promise<void> => void this.log.push("close");

  async openMicrophone(events: MicrophoneEvents) {
    if (this.#micFailure !== undefined) throw this.#micFailure;
    this.microphone = events;
    return { dispose: () => undefined };
  }
}

function setUp(options: { micFailure?: AudioProblem; audioFailure?: AudioProblem } = {}) {
  const wire = createFakeConnector();
  const audio = new FakeAudio(options.micFailure);
  const clock = new FakeClock();
  let speaker: AudioEngineEvents | undefined;
  const controller = new ConversationController({
    connect: wire.connect,
    clock,
    readToken: () => "secret",
    openAudio: async (events) => {
      if (options.audioFailure !== undefined) throw options.audioFailure;
      speaker = events;
      return audio;
    },
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const start = async () => {
    void controller.startTalking();
    await settle();
    wire.latest().open();
    wire.latest().deliver(STARTED);
    await settle();
  };
  return { wire, audio, clock, controller, start, settle, speaker: () => speaker };
}

describe("start", () => {
  test("asks for the microphone before it connects, so that nobody waits on a question", async () => {
    const { controller, wire, audio, settle } = setUp();
    void controller.startTalking();
    expect(wire.connections).toHaveLength(0);
    await settle();
    expect(audio.microphone).toBeDefined();
    wire.latest().open();
    expect(wire.latest().sentText).toMatchObject([
      { type: "session-start", token: "secret", audio: { sampleRateHz: 48_000 } },
    ]);
    expect(statusWords(controller.getView())).toBe("Connecting…");
  });

  test("without a microphone the conversation goes on in writing", async () => {
    const { controller, start } = setUp({ micFailure: new AudioProblem("mic-denied") });
    await start();
    expect(controller.getView()).toMatchObject({
      phase: "active",
      hasMicrophone: false,
      problems: [{ code: "mic-denied" }],
    });
    expect(statusWords(controller.getView())).toBe("Waiting for your text");
  });

  test("without sound nothing starts, and the person is told", async () => {
    const { controller, wire } = setUp({ audioFailure: new AudioProblem("sound-unavailable") });
    await controller.startTalking();
    expect(wire.connections).toHaveLength(0);
    expect(controller.getView()).toMatchObject({ phase: "idle", problems: [{ code: "sound-unavailable" }] });
  });

  test("stopped while it starts, it stays stopped", async () => {
    const { controller, wire, audio, settle } = setUp();
    void controller.startTalking();
    controller.stop();
    await settle();
    expect(wire.connections).toHaveLength(0);
    expect(audio.log).toContain("close");
    expect(controller.getView()).toMatchObject({ phase: "idle", hasMicrophone: false, problems: [] });
  });

  test("pressed twice it starts once", async () => {
    const { controller, wire, settle } = setUp();
    void controller.startTalking();
    void controller.startTalking();
    await settle();
    expect(wire.connections).toHaveLength(1);
  });
});

describe("while it runs", () => {
  test("audio and its commands reach the player in the order of the wire", async () => {
    const { wire, audio, start } = setUp();
    await start();
    wire.latest().deliver(
      encodeAudioFrame({
        kind: "agent",
        turn: 1,
        sequence: 0,
        sampleIndex: 0,
        isLast: false,
        pcm: new Int16Array(960),
      }),
    );
    wire.latest().deliver({ type: "duck", gainDb: -12 });
    wire.latest().deliver({ type: "flush", fromSample: 100 });
    wire.latest().deliver({ type: "unduck" });
    expect(audio.log).toEqual(["play 0", "duck -12", "flush 100", "unduck"]);
  });

  test("the heard position goes to the orchestrator, and the page says who speaks", async () => {
    const { wire, controller, start, speaker } = setUp();
    await start();
    speaker()?.onPlayout({ heardSamples: 960, isPlaying: true });
    expect(wire.latest().sentText.at(-1)).toEqual({ type: "playout", positionSamples: 960 });
    expect(statusWords(controller.getView())).toBe("Speaking");
  });

  test("the microphone goes out and moves the meter, until stop", async () => {
    const { wire, controller, audio, start } = setUp();
    const levels: number[] = [];
    controller.subscribeLevel((level) => void levels.push(level));
    await start();
    audio.microphone?.onPcm(new Int16Array(960).fill(16_384));
    expect(wire.latest().sentBytes).toHaveLength(1);
    controller.stop();
    audio.microphone?.onPcm(new Int16Array(960).fill(16_384));
    expect(levels).toEqual([0.5, 0]);
    expect(wire.latest().sentText.at(-1)).toEqual({ type: "bye" });
  });

  test("an unplugged microphone is told and can be opened again", async () => {
    const { controller, audio, start } = setUp();
    await start();
    audio.microphone?.onLost();
    expect(controller.getView()).toMatchObject({
      phase: "active",
      hasMicrophone: false,
      problems: [{ code: "mic-lost" }],
    });
    await controller.startTalking();
    expect(controller.getView().hasMicrophone).toBe(true);
  });

  test("an error of the orchestrator shows once, however often it comes, and goes when dismissed", async () => {
    const { wire, controller, start } = setUp();
    await start();
    for (let i = 0; i < 3; i++)
      wire
        .latest()
        .deliver({ type: "error", code: "no-worker", message: "None.", action: "Start one.", retryable: true });
    expect(controller.getView().problems).toEqual([{ code: "no-worker", words: "None.", action: "Start one." }]);
    controller.dismiss("no-worker");
    expect(controller.getView()).toMatchObject({ phase: "active", problems: [] });
  });

  test("sound paused by the browser is told, and no longer when it goes on", async () => {
    const { controller, start, speaker } = setUp();
    await start();
    speaker()?.onPaused(true);
    expect(controller.getView().problems).toMatchObject([{ code: "sound-paused" }]);
    speaker()?.onPaused(false);
    expect(controller.getView().problems).toEqual([]);
  });

  test("another device taking over is told, one of a kind at a time, and the conversation goes on", async () => {
    const { controller, start, speaker } = setUp();
    await start();
    for (const from of ["Headset", "Laptop"])
      speaker()?.onNotice?.(switchedNotice("speaker", { from, to: "Monitor", reason: "gone" }));
    speaker()?.onNotice?.(healthNotice("mic-silent"));
    expect(controller.getView()).toMatchObject({
      phase: "active",
      problems: [{ words: "Laptop gone.", action: "Using Monitor." }, { code: "mic-silent" }],
    });
    speaker()?.onNoticeOver?.("mic-silent");
    expect(controller.getView().problems).toHaveLength(1);
  });

  test("text too long is refused here and the conversation goes on", async () => {
    const { controller, start } = setUp();
    await start();
    await controller.sendText("x".repeat(10_001));
    expect(controller.getView()).toMatchObject({ phase: "active", problems: [{ code: "text-too-long" }] });
    expect(controller.getView().conversation.entries).toEqual([]);
  });
});

describe("a pause", () => {
  test("halts the voice, sends silence for speech, and says again and again where the speaker stands", async () => {
    const { controller, start, wire, audio, clock, speaker } = setUp();
    await start();
    speaker()?.onPlayout({ heardSamples: 960, isPlaying: true });
    controller.setPaused(true);
    expect(statusWords(controller.getView())).toBe("Paused");
    audio.microphone?.onPcm(new Int16Array(960).fill(1000));
    expect(decodeAudioFrame(wire.latest().sentBytes.at(-1) ?? new Uint8Array())?.pcm.some(Boolean)).toBe(false);
    const sentCount = wire.latest().sentText.length;
    clock.advanceMs(2_000);
    expect(wire.latest().sentText.slice(sentCount)).toEqual(Array(8).fill({ type: "playout", positionSamples: 960 }));
    controller.setPaused(false);
    expect(audio.log).toEqual(["hold", "release"]);
    clock.advanceMs(2_000);
    expect(wire.latest().sentText).toHaveLength(sentCount + 8);
  });

  test("ends with the conversation, and there is none without one", async () => {
    const { controller, start, audio, clock } = setUp();
    controller.setPaused(true);
    expect(controller.getView().isPaused).toBe(false);
    await start();
    controller.setPaused(true);
    controller.stop();
    expect(audio.log).toEqual(["hold", "release", "close"]);
    expect(clock.pendingCount).toBe(0);
    expect(controller.getView().isPaused).toBe(false);
  });
});

test("a session that the orchestrator has forgotten is followed by a new one, under what was said", async () => {
  const { controller, start, wire, clock, settle } = setUp();
  await start();
  wire.latest().deliver({ type: "user-transcript-end", text: "Hello." });
  wire.latest().deliver({ type: "agent-turn-start", turn: 1 });
  wire.latest().deliver({ type: "agent-text-delta", turn: 1, text: "Good day" });
  wire.latest().drop();
  clock.advanceMs(250);
  wire.latest().open();
  wire.latest().deliver({ type: "error", code: "resume-failed", message: "gone", action: "start", retryable: false });
  await settle();
  wire.latest().open();
  expect(wire.latest().sentText[0]).not.toHaveProperty("resume");
  wire.latest().deliver(STARTED);
  wire.latest().deliver({ type: "agent-turn-start", turn: 1 });
  wire.latest().deliver({ type: "agent-text-delta", turn: 1, text: "Anew" });
  await settle();
  const view = controller.getView();
  expect(view.conversation.entries).toMatchObject([
    { text: "Hello." },
    { text: "Good day", outcome: "failed" },
    { text: "Anew", outcome: "running" },
  ]);
  expect(view).toMatchObject({ phase: "active", hasMicrophone: true, problems: [{ code: "session-renewed" }] });
});

describe("the end", () => {
  test("closed for good: says why, keeps the transcript, gives the devices back", async () => {
    const { wire, controller, audio, start } = setUp();
    await start();
    wire.latest().deliver({ type: "user-transcript-end", text: "Hello." });
    wire.latest().drop(4408);
    expect(controller.getView()).toMatchObject({
      phase: "ended",
      problems: [{ code: "idle-timeout" }],
      conversation: { entries: [{ text: "Hello." }] },
    });
    expect(audio.log).toContain("close");
  });

  test.each([
    ["stopped by the person", "interrupted", (now: ReturnType<typeof setUp>) => now.controller.stop()],
    ["closed for good", "failed", (now: ReturnType<typeof setUp>) => now.wire.latest().drop(4408)],
  ])("%s in mid-sentence: the answer is split where it was heard, and nothing seems to go on", async (...row) => {
    const [, outcome, end] = row;
    const now = setUp();
    await now.start();
    const word = (text: string, start: number, textStart: number) => {
      const textEnd = textStart + text.length;
      return { text, startSample: start, endSample: start + 900, textStart, textEnd };
    };
    const say = (message: ServerMessage): void => now.wire.latest().deliver(message);
    say({ type: "agent-turn-start", turn: 1 });
    say({ type: "agent-text-delta", turn: 1, text: "Good day to you." });
    say({
      type: "agent-word-timings",
      turn: 1,
      words: [word("Good", 0, 0), word("day", 1000, 5), word("to", 2000, 9)],
    });
    now.speaker()?.onPlayout({ heardSamples: 1950, isPlaying: true });
    say({ type: "user-transcript-delta", text: "But" });
    say({ type: "agent-turn-start", turn: 2 });
    end(now);
    expect(now.controller.getView()).toMatchObject({
      caption: undefined,
      conversation: {
        entries: [
          { text: "Good day", unheardText: " to you.", outcome },
          { text: "But", isFinal: true },
        ],
      },
    });
  });

  test("the next conversation starts with an empty transcript and the chosen voice", async () => {
    const { wire, controller, start } = setUp();
    await start();
    wire.latest().deliver({ type: "user-transcript-end", text: "Hello." });
    controller.setVoice("awb");
    controller.stop();
    await start();
    expect(controller.getView().conversation.entries).toEqual([]);
    expect(wire.latest().sentText[0]).toMatchObject({ voice: "awb" });
  });
});

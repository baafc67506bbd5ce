import { expect, test } from "vitest";
import type { AudioFrame } from "#contracts/protocol/audio-frame";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { VOICE_FRAME_SAMPLES } from "#contracts/units";
import { ownEchoCancellers } from "#core/echo/echo-canceller";
import type { ResamplerFactory } from "#core/ports/resampler";
import { EchoGuard } from "./echo-guard";

const WINDOW_SAMPLES = 512;
const LEVEL = 8_000;

const everyThird: ResamplerFactory = {
  create: () => ({
    process: (samples) => samples.filter((_, i) => i % 3 === 0),
    flush: () => new Float32Array(0),
    dispose: () => undefined,
  }),
};

function setUp() {
  const told: (ServerMessage & { type: "duplex" })[] = [];
  const frames: AudioFrame[] = [];
  let micSamples = 0;
  let sampleIndex = 0;
  const guard = new EchoGuard({
    resamplers: everyThird,
    echoCancellers: ownEchoCancellers,
    micSamples: () => micSamples,
    positionSamples: () => sampleIndex,
    onDuplex: (message) => told.push(message),
  });
  const sink = guard.listenTo({ send: () => undefined, sendAudio: (frame) => frames.push(frame) });
  const play = (): void => {
    const pcm = Int16Array.from({ length: VOICE_FRAME_SAMPLES }, (_, i) => LEVEL * Math.sin(i / 20));
    sink.sendAudio({ kind: "agent", turn: 1, sequence: 0, sampleIndex, isLast: false, pcm });
    sampleIndex += VOICE_FRAME_SAMPLES;
  };
  /** The agent speaks for so many windows, and somebody hums loudly all the while. */
  const hum = (windowCount: number): boolean[] =>
    Array.from({ length: windowCount }).flatMap(() => {
      play();
      play();
      micSamples += WINDOW_SAMPLES;
      const samples = Float32Array.from({ length: WINDOW_SAMPLES }, (_, i) => 0.5 * Math.sin((micSamples + i) / 5));
      return guard.process({ samples, endSample: micSamples }).map(({ isEcho }) => isEcho);
    });
  return { guard, told, frames, play, hum };
}

test("[E11] [E13] after a slip the agent speaks 9 dB more quietly, and the client is told in words", () => {
  const { guard, told, frames, play } = setUp();
  play();
  guard.slipped();
  play();
  expect(told.map(({ mode }) => mode)).toEqual(["ducking"]);
  expect(told[0]?.words).toContain("loudspeakers");
  const loudest = (frame: AudioFrame | undefined): number => Math.max(...(frame?.pcm ?? []));
  expect(loudest(frames[1]) / loudest(frames[0])).toBeCloseTo(10 ** (-9 / 20), 2);
});

test("[E13] in half duplex nothing is speech while the agent can be heard, and everything is after its tail", () => {
  const { guard, told, hum } = setUp();
  guard.slipped();
  guard.slipped();
  expect(told.map(({ mode }) => mode)).toEqual(["ducking", "half"]);
  expect(hum(30).slice(5).every(Boolean)).toBe(true);
  const after = Array.from({ length: 150 }).flatMap((_, i) =>
    guard.process({
      samples: new Float32Array(WINDOW_SAMPLES).fill(0.1),
      endSample: 30 * WINDOW_SAMPLES + (i + 1) * WINDOW_SAMPLES,
    }),
  );
  expect(after.at(-1)?.isEcho).toBe(false);
});

test("[E8] a transcript of the agent's own words is nobody's turn, and a slip", () => {
  const { guard, told, hum } = setUp();
  const sink = guard.listenTo({ send: () => undefined, sendAudio: () => undefined });
  const words = ["long", "ago", "a", "clockmaker"].map((text, i) => ({
    text,
    startSample: i * 9_600,
    endSample: (i + 1) * 9_600,
    textStart: 0,
    textEnd: 0,
  }));
  sink.send({ type: "agent-word-timings", turn: 1, words });
  guard.speechStarted();
  hum(20);
  guard.addWindow({ samples: new Float32Array(WINDOW_SAMPLES), speechMs: 300, silenceMs: 0, echoLikelihood: 0.3 });
  expect(guard.withoutOwnWords("Wait, I have a question.")).toBe("Wait, I have a question.");
  expect(told).toEqual([]);
  expect(guard.withoutOwnWords("Long ago a clockmaker.")).toBe("");
  expect(told.map(({ mode }) => mode)).toEqual(["ducking"]);
});

import { expect, test } from "vitest";
import type { ResamplerFactory } from "../ports/resampler";
import { PlayedReference } from "./played-reference";

/** Every third sample: the values can be followed. */
const everyThird: ResamplerFactory = {
  create: () => ({
    process: (samples) => samples.filter((_, i) => i % 3 === 0),
    flush: () => new Float32Array(0),
    dispose: () => undefined,
  }),
};

const FRAME = 960;
const LEVEL = 16_384;

/** Frames of a constant 0.5, the first one at this sample of the voice's clock. */
function send(played: PlayedReference, from: { sampleIndex: number; frames: number; micSample: number }): void {
  for (let i = 0; i < from.frames; i++) {
    const sampleIndex = from.sampleIndex + i * FRAME;
    const pcm = new Int16Array(FRAME).fill(LEVEL);
    played.frameSent({ sampleIndex, pcm, isLast: i === from.frames - 1 }, from.micSample);
  }
}

/** Where on the microphone's clock something is heard: first and last whole 10 ms. */
function heard(played: PlayedReference, untilSample: number): { fromMs: number; toMs: number; level: number }[] {
  const parts: { fromMs: number; toMs: number; level: number }[] = [];
  const block = new Float32Array(160);
  for (let at = 0; at < untilSample; at += 160) {
    played.read(at, block);
    const level = Math.round((block[80] ?? 0) * 100) / 100;
    const last = parts.at(-1);
    if (level === 0) continue;
    if (last?.toMs === at / 16 && last.level === level) last.toMs += 10;
    else parts.push({ fromMs: at / 16, toMs: at / 16 + 10, level });
  }
  return parts;
}

test("before the first report, what was sent is expected 60 ms later", () => {
  const played = new PlayedReference(everyThird);
  send(played, { sampleIndex: 0, frames: 5, micSample: 16_000 });
  expect(heard(played, 32_000)).toEqual([{ fromMs: 1_060, toMs: 1_160, level: 0.5 }]);
});

test("a report places it, also what was played before the report", () => {
  const played = new PlayedReference(everyThird);
  send(played, { sampleIndex: 0, frames: 10, micSample: 16_000 });
  // 100 ms of it were played when the microphone had 1.4 s.
  played.reported(4_800, 22_400);
  expect(heard(played, 32_000)).toEqual([{ fromMs: 1_300, toMs: 1_500, level: 0.5 }]);
});

test("the next turn is expected with the delay that the last one had", () => {
  const played = new PlayedReference(everyThird);
  send(played, { sampleIndex: 0, frames: 10, micSample: 16_000 });
  played.reported(4_800, 22_400);
  send(played, { sampleIndex: 9_600, frames: 10, micSample: 48_000 });
  expect(heard(played, 80_000)[1]).toEqual({ fromMs: 3_300, toMs: 3_500, level: 0.5 });
});

test("a report a few milliseconds off moves nothing, so that the room keeps its place", () => {
  const played = new PlayedReference(everyThird);
  send(played, { sampleIndex: 0, frames: 20, micSample: 16_000 });
  played.reported(4_800, 16_960 + 1_600);
  const before = heard(played, 32_000);
  played.reported(9_600, 16_960 + 3_200 + 200);
  expect(heard(played, 32_000)).toEqual(before);
});

test("a speaker that stood still goes on later", () => {
  const played = new PlayedReference(everyThird);
  send(played, { sampleIndex: 0, frames: 20, micSample: 16_000 });
  played.reported(4_800, 16_960 + 1_600);
  // 200 ms of silence after the first 100 ms.
  played.reported(9_600, 16_960 + 6_400);
  expect(heard(played, 32_000)).toEqual([
    { fromMs: 1_060, toMs: 1_160, level: 0.5 },
    { fromMs: 1_360, toMs: 1_660, level: 0.5 },
  ]);
});

test("what is flushed is not heard", () => {
  const played = new PlayedReference(everyThird);
  send(played, { sampleIndex: 0, frames: 50, micSample: 16_000 });
  played.reported(4_800, 16_960 + 1_600);
  played.flushed(0, 16_960 + 3_200);
  expect(heard(played, 40_000)).toEqual([{ fromMs: 1_060, toMs: 1_300, level: 0.5 }]);
});

test("a duck is heard from what plays at that moment on", () => {
  const played = new PlayedReference(everyThird);
  send(played, { sampleIndex: 0, frames: 20, micSample: 16_000 });
  played.reported(4_800, 16_960 + 1_600);
  played.setGain(0.5, 16_960 + 1_600);
  played.setGain(1, 16_960 + 3_200);
  expect(heard(played, 32_000)).toEqual([
    { fromMs: 1_060, toMs: 1_160, level: 0.5 },
    { fromMs: 1_160, toMs: 1_260, level: 0.25 },
    { fromMs: 1_260, toMs: 1_460, level: 0.5 },
  ]);
});

test("what is sent 12 s ahead of the speaker is kept until it plays", () => {
  const played = new PlayedReference(everyThird);
  send(played, { sampleIndex: 0, frames: 600, micSample: 0 });
  played.reported(48_000, 16_000);
  expect(heard(played, 16_000 * 13)).toEqual([{ fromMs: 0, toMs: 12_000, level: 0.5 }]);
});

test("what was there a round ago is not heard behind the last sample", () => {
  const [long, short] = [0, 240].map((firstFrame) => {
    const played = new PlayedReference(everyThird);
    for (let frame = firstFrame; frame < 250; frame += 10) {
      send(played, { sampleIndex: frame * FRAME, frames: 10, micSample: frame * 320 });
      played.reported((frame + 9) * FRAME, (frame + 9) * 320);
    }
    const lastOnes = new Float32Array(8);
    played.read(250 * 320 - 8.5, lastOnes);
    return lastOnes;
  });
  expect(long).toEqual(short);
});

import { expect, it } from "vitest";
import { firstAudibleSample, speechEndSample } from "./speech-edges";

const RATE_HZ = 16_000;

/** Levels in dBFS (a constant signal), each 100 ms long. */
function levels(...levelsDb: number[]): Float32Array {
  return Float32Array.from({ length: levelsDb.length * 1_600 }, (_, at) => {
    return 10 ** ((levelsDb[Math.floor(at / 1_600)] ?? 0) / 20);
  });
}

it("speech ends with the last frame within 25 dB of the loudest one", () => {
  expect(speechEndSample(levels(-10, -34, -36), RATE_HZ)).toBe(3_200);
});
it("a pause inside is no end", () => {
  expect(speechEndSample(levels(-10, -60, -60, -20, -60), RATE_HZ)).toBe(6_400);
});
it("is exact to 10 ms", () => {
  const samples = new Float32Array(RATE_HZ);
  samples.fill(0.5, 0, 8_001);
  expect(speechEndSample(samples, RATE_HZ)).toBe(8_160);
});
it("silence has no speech", () => {
  expect(speechEndSample(new Float32Array(1_600), RATE_HZ)).toBe(0);
});

it("the first audible sample is the first one above −40 dBFS, from where one looks", () => {
  const pcm = new Int16Array(1_000);
  pcm[100] = 9_000;
  pcm[400] = 327;
  pcm[500] = -328;
  expect(firstAudibleSample(pcm, 0)).toBe(100);
  expect(firstAudibleSample(pcm, 101)).toBe(500);
  expect(firstAudibleSample(pcm, 501)).toBeUndefined();
});

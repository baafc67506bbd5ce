import { expect, test } from "vitest";
import { MicContinuity } from "./mic-continuity";

/** Lengths of what comes of frames of 320 samples at these indices; the silent ones are negative. */
function join(indices: readonly number[]): number[] {
  const continuity = new MicContinuity(16_000);
  return indices
    .flatMap((sampleIndex) => continuity.join({ sampleIndex, pcm: new Int16Array(320).fill(1) }))
    .map((pcm) => (pcm[0] === 0 ? -pcm.length : pcm.length));
}

test("frames in order are left as they are, wherever the client begins to count", () => {
  expect(join([0, 320, 640])).toEqual([320, 320, 320]);
  expect(join([99_000, 99_320])).toEqual([320, 320]);
});

test("what was left out is silence", () => {
  expect(join([0, 960])).toEqual([320, -640, 320]);
});

test("what comes twice is heard once", () => {
  expect(join([0, 320, 320, 640])).toEqual([320, 320, 320]);
});

test("a clock that jumps is followed, and nothing is lost", () => {
  expect(join([0, 16_320, 640, 960, 100, 420])).toEqual([320, 320, 320, 320, 320, 320]);
  expect(join([0, 8_321])).toEqual([320, 320]);
});

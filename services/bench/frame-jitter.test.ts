import { expect, it } from "vitest";
import { intervalDeviationsMs } from "./frame-jitter";

const PACING = { frameMs: 20, frameSamples: 960, leadFrames: 2 };
const arrivals = (timesMs: readonly number[]) => timesMs.map((atMs, index) => ({ atMs, sampleIndex: index * 960 }));

it("is how far intervals are from the frame, early or late, after the lead", () => {
  expect(intervalDeviationsMs(arrivals([0, 1, 1, 21, 48, 61]), PACING)).toEqual([0, 7, 7]);
});

it("says nothing of frames that do not follow one another", () => {
  const gap = [...arrivals([0, 0, 20, 40]), { atMs: 300, sampleIndex: 9_600 }];
  expect(intervalDeviationsMs(gap, PACING)).toEqual([0]);
  expect(intervalDeviationsMs([], PACING)).toEqual([]);
});

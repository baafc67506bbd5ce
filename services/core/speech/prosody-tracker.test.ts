import { expect, it } from "vitest";
import { ProsodyTracker } from "./prosody-tracker";

const RATE_HZ = 16_000;
const WINDOW_SAMPLES = 512;

interface Stretch {
  durationMs: number;
  fromHz: number;
  toHz: number;
  fromLevel?: number;
  toLevel?: number;
}

/** A voice that glides from pitch to pitch and from level to level. */
function speak(tracker: ProsodyTracker, stretches: readonly Stretch[]): void {
  let phase = 0;
  for (const { durationMs, fromHz, toHz, fromLevel = 0.2, toLevel = fromLevel } of stretches) {
    const samples = Float32Array.from({ length: (RATE_HZ * durationMs) / 1000 }, (_, at) => {
      const ratio = (at * 1000) / (RATE_HZ * durationMs);
      phase += (2 * Math.PI * (fromHz + ratio * (toHz - fromHz))) / RATE_HZ;
      return (fromLevel + ratio * (toLevel - fromLevel)) * (Math.sin(phase) + 0.5 * Math.sin(2 * phase));
    });
    push(tracker, samples, true);
  }
}

function push(tracker: ProsodyTracker, samples: Float32Array, isSpeech: boolean): void {
  for (let at = 0; at + WINDOW_SAMPLES <= samples.length; at += WINDOW_SAMPLES)
    tracker.push(samples.subarray(at, at + WINDOW_SAMPLES), isSpeech);
}

/** A sentence that moves between 110 and 140 Hz. */
const SENTENCE: readonly Stretch[] = [
  { durationMs: 960, fromHz: 110, toHz: 140 },
  { durationMs: 960, fromHz: 140, toHz: 115 },
];

it("a voice that falls at the end is at the bottom of its range, and quieter", () => {
  const tracker = new ProsodyTracker();
  speak(tracker, [...SENTENCE, { durationMs: 320, fromHz: 115, toHz: 95, toLevel: 0.06 }]);
  const cues = tracker.cues();
  expect(cues?.finalPitchRatio).toBeLessThan(-0.9);
  expect(cues?.finalLevelDb).toBeLessThan(-4);
});

it("a voice that rises or stays where it is does neither", () => {
  const rising = new ProsodyTracker();
  speak(rising, [...SENTENCE, { durationMs: 320, fromHz: 115, toHz: 160 }]);
  expect(rising.cues()?.finalPitchRatio).toBeGreaterThan(0.9);
  const level = new ProsodyTracker();
  speak(level, [...SENTENCE, { durationMs: 320, fromHz: 124, toHz: 124 }]);
  expect(Math.abs(level.cues()?.finalPitchRatio ?? 9)).toBeLessThan(0.5);
  expect(Math.abs(level.cues()?.finalLevelDb ?? 9)).toBeLessThan(2);
});

it("silence after the speech changes nothing, and what the segmenter still took for speech is its quiet tail", () => {
  const tracker = new ProsodyTracker();
  speak(tracker, SENTENCE);
  const before = tracker.cues();
  push(tracker, new Float32Array(8 * WINDOW_SAMPLES), false);
  expect(tracker.cues()).toEqual(before);
  push(tracker, new Float32Array(2 * WINDOW_SAMPLES), true);
  expect(tracker.cues()?.quietTailMs).toBe(10 * 32);
});

it("the range is the user's own: the same pitch is low for one and high for another", () => {
  const high = new ProsodyTracker();
  speak(high, [
    { durationMs: 1_920, fromHz: 180, toHz: 220 },
    { durationMs: 320, fromHz: 160, toHz: 160 },
  ]);
  const low = new ProsodyTracker();
  speak(low, [
    { durationMs: 1_920, fromHz: 110, toHz: 140 },
    { durationMs: 320, fromHz: 160, toHz: 160 },
  ]);
  expect(high.cues()?.finalPitchRatio).toBeLessThan(-0.9);
  expect(low.cues()?.finalPitchRatio).toBeGreaterThan(0.9);
});

it("without a voice there are no cues", () => {
  const tracker = new ProsodyTracker();
  expect(tracker.cues()).toBeUndefined();
  push(tracker, new Float32Array(RATE_HZ), true);
  expect(tracker.cues()).toBeUndefined();
});

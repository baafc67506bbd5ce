import { expect, it } from "vitest";
import { SpeechLevel } from "./speech-level";

const tone = (amplitude: number, periodSamples: number): Float32Array =>
  Float32Array.from({ length: 512 }, (_, i) => amplitude * Math.sin((2 * Math.PI * (i + 0.5)) / periodSamples));

it("knows no level before the first window", () => {
  expect(new SpeechLevel().levelDb).toBe(-Infinity);
});

it("measures the level of a tone, and how often its sign changes", () => {
  const level = new SpeechLevel();
  level.add(tone(0.1, 64));
  level.add(tone(0.1, 64));
  expect(level.levelDb).toBeCloseTo(-23, 0);
  expect(level.zeroCrossingRatio).toBeCloseTo(1 / 32, 2);
});

it("follows a user who moves away", () => {
  const level = new SpeechLevel();
  for (let i = 0; i < 300; i++) level.add(tone(0.1, 64));
  for (let i = 0; i < 450; i++) level.add(tone(0.01, 64));
  expect(level.levelDb).toBeLessThan(-33);
});

it("a hiss counts as little as it is soft", () => {
  const level = new SpeechLevel();
  level.add(tone(0.03, 3));
  level.add(tone(0.1, 64));
  expect(level.zeroCrossingRatio).toBeLessThan(0.1);
  level.add(tone(0.2, 3));
  expect(level.zeroCrossingRatio).toBeGreaterThan(0.4);
});

import { expect, it } from "vitest";
import { createLoudnessMeter } from "#testing/loudness-meter";
import { integratedLufs } from "./loudness";

const RATE_HZ = 48_000;

function tone(options: { hz: number; levelDb: number; seconds: number }): Float32Array {
  const amplitude = 10 ** (options.levelDb / 20);
  return Float32Array.from({ length: options.seconds * RATE_HZ }, (_, at) => {
    return amplitude * Math.sin((2 * Math.PI * options.hz * at) / RATE_HZ);
  });
}

function join(...parts: Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

it("a full-scale tone of 997 Hz on one channel has −3.01 LUFS", () => {
  expect(integratedLufs(tone({ hz: 997, levelDb: 0, seconds: 5 }))).toBeCloseTo(-3.01, 1);
});
it("silence does not count", () => {
  const speech = tone({ hz: 997, levelDb: -20, seconds: 5 });
  expect(integratedLufs(join(speech, new Float32Array(20 * RATE_HZ)))).toBeCloseTo(integratedLufs(speech), 0);
});
it("nothing audible has no loudness", () => {
  expect(integratedLufs(new Float32Array(RATE_HZ))).toBe(-Infinity);
  expect(integratedLufs(new Float32Array(0))).toBe(-Infinity);
});
it.each([60, 200, 2_000, 8_000])("agrees with an independent meter at %i Hz and changing levels", async (hz) => {
  const meter = await createLoudnessMeter();
  const samples = join(
    tone({ hz, levelDb: -30, seconds: 3 }),
    tone({ hz, levelDb: -12, seconds: 2 }),
    tone({ hz, levelDb: -55, seconds: 4 }),
  );
  expect(Math.abs(integratedLufs(samples) - meter.integratedLufs(samples, RATE_HZ))).toBeLessThan(0.1);
});

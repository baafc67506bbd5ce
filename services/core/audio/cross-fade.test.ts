import fc from "fast-check";
import { expect, it } from "vitest";
import { crossFade } from "./cross-fade";

const pcm = fc.int16Array({ maxLength: 600 });

it("begins with the tail, ends as the next, and never exceeds the louder of both", () => {
  const faded = crossFade(new Int16Array(480).fill(-8_000), new Int16Array(960).fill(8_000));
  expect(faded[0]).toBeLessThan(-7_900);
  expect(faded[479]).toBeGreaterThan(7_900);
  expect([...faded.subarray(480)]).toEqual(Array.from({ length: 480 }, () => 8_000));
  const steps = faded.map((value, i) => value - (faded[i - 1] ?? value));
  expect(Math.max(...steps)).toBeLessThan(40);
  fc.assert(
    fc.property(pcm, pcm, (tail, next) => {
      const sum = crossFade(tail, next);
      expect(sum).toHaveLength(next.length);
      sum.forEach((value, i) => {
        const loudest = Math.max(Math.abs(next[i] ?? 0), Math.abs(tail[i] ?? 0));
        expect(Math.abs(value)).toBeLessThanOrEqual(loudest + 1);
      });
    }),
  );
});

import { describe, expect, it } from "vitest";
import { percentile, slopePerStep } from "./statistics";

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe("percentile (nearest rank)", () => {
  it.each([
    [50, 50],
    [95, 95],
    [99, 99],
    [100, 100],
    [1, 1],
  ])("p%i of 1 to 100 in any order is %i", (percent, expected) => {
    expect(percentile(hundred, percent)).toBe(expected);
  });
  it.each([
    [30, 20],
    [40, 20],
    [41, 35],
    [50, 35],
    [100, 50],
  ])("p%i of 15, 20, 35, 40, 50 is a sample, never a value between two: %i", (percent, expected) => {
    expect(percentile([15, 20, 35, 40, 50], percent)).toBe(expected);
  });
  it("is the highest sample where fewer than 20 stand for the upper 5 percent", () => {
    expect(percentile([1, 2, 3], 95)).toBe(3);
  });
  it("does not change its input", () => {
    const samples = [3, 1, 2];
    percentile(samples, 50);
    expect(samples).toEqual([3, 1, 2]);
  });
  it("has no value for no samples", () => {
    expect(() => percentile([], 50)).toThrow(RangeError);
  });
});

describe("slope", () => {
  it("of a line is its rise, whatever its offset", () => {
    expect(slopePerStep([7, 9, 11, 13])).toBeCloseTo(2, 10);
  });
  it("of an alternation is next to nothing", () => {
    const alternating = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 100 : 120));
    expect(Math.abs(slopePerStep(alternating))).toBeLessThan(0.01);
  });
  it("of one value is none", () => {
    expect(slopePerStep([5])).toBe(0);
  });
});

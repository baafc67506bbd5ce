import { describe, expect, it } from "vitest";
import { single, spread } from "./measure";

describe("a single figure", () => {
  it("without a goal is not judged", () => {
    expect(single("MB", 12.34567)).toEqual({ unit: "MB", value: 12.35 });
  });
  it("is judged before it is rounded", () => {
    expect(single("ratio", 0.060001, { atMost: 0.06 })).toEqual({
      unit: "ratio",
      value: 0.06,
      goal: "<= 0.06",
      holds: false,
    });
  });
  it("holds at the limit itself", () => {
    expect(single("ms", 80, { atMost: 80 })).toMatchObject({ holds: true });
    expect(single("turns", 20, { atLeast: 20 })).toMatchObject({ goal: ">= 20", holds: true });
  });
  it.each([
    [-18, true],
    [-14, true],
    [-18.1, false],
    [-13.9, false],
  ])("%d in a range from -18 to -14: %s", (value, holds) => {
    expect(single("LUFS", value, { atLeast: -18, atMost: -14 })).toMatchObject({ goal: "-18 to -14", holds });
  });
  it("that is no number never holds", () => {
    expect(single("ratio", Number.NaN, { atMost: 1 })).toMatchObject({ holds: false });
  });
});

describe("a distribution", () => {
  const samples = Array.from({ length: 100 }, (_, index) => index + 1);
  it("shows three percentiles and judges the one that the goal names", () => {
    expect(spread("ms", samples, { of: "p50", limits: { atMost: 50 } })).toEqual({
      unit: "ms",
      p50: 50,
      p95: 95,
      p99: 99,
      goal: "p50 <= 50",
      holds: true,
    });
    expect(spread("ms", samples, { of: "p95", limits: { atMost: 50 } })).toMatchObject({ holds: false });
  });
  it("of nothing is no measure", () => {
    expect(() => spread("ms", [])).toThrow(RangeError);
  });
});

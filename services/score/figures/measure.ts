import { percentile } from "./statistics";

interface Judgement {
  /** Samples behind it, where they are others than the benchmark's. */
  n?: number;
  /** For instance "<= 0.06" or "p95 <= 120". */
  goal?: string;
  holds?: boolean;
}

/** One figure, or the distribution of many. Without a goal it is there to be read, not to be judged. */
export type Measure =
  ({ unit: string; value: number } & Judgement) | ({ unit: string; p50: number; p95: number; p99: number } & Judgement);

/** Both ends belong to the range. */
export interface Limits {
  atLeast?: number;
  atMost?: number;
}

/** One figure in `unit`; "ratio" is 1 for a whole. */
export function single(unit: string, value: number, limits?: Limits): Measure {
  const judgement = limits === undefined ? {} : { goal: sayLimits(limits), holds: isWithin(value, limits) };
  return { unit, value: round(value), ...judgement };
}

/** A goal for one of the percentiles. */
export interface SpreadGoal {
  of: "p50" | "p95" | "p99";
  limits: Limits;
}

/** Percentiles of all samples by nearest rank; with several goals, all must hold. Throws when there are no samples. */
export function spread(
  unit: string,
  samples: readonly number[],
  goals: SpreadGoal | readonly SpreadGoal[] = [],
): Measure {
  const figures = { p50: percentile(samples, 50), p95: percentile(samples, 95), p99: percentile(samples, 99) };
  const all = "of" in goals ? [goals] : goals;
  const judgement =
    all.length === 0
      ? {}
      : {
          goal: all.map(({ of, limits }) => `${of} ${sayLimits(limits)}`).join(", "),
          holds: all.every(({ of, limits }) => isWithin(figures[of], limits)),
        };
  return { unit, p50: round(figures.p50), p95: round(figures.p95), p99: round(figures.p99), ...judgement };
}

function sayLimits({ atLeast, atMost }: Limits): string {
  if (atLeast === undefined) return `<= ${atMost ?? ""}`;
  return atMost === undefined ? `>= ${atLeast}` : `${atLeast} to ${atMost}`;
}

function isWithin(value: number, { atLeast, atMost }: Limits): boolean {
  return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
}

/** Four significant digits say all that a measurement knows. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}

/** The smallest sample that at least `percent` percent of all samples do not exceed (nearest rank). Throws when there are none. */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  const value = sorted[rank - 1];
  if (value === undefined) throw new RangeError("a percentile needs at least one sample");
  return value;
}

/** Slope of the least-squares line through `values` at 0, 1, 2, …: change per step. 0 for fewer than two. */
export function slopePerStep(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = sum(values) / values.length;
  const spread = sum(values.map((_, index) => (index - middle) ** 2));
  return spread === 0 ? 0 : sum(values.map((value, index) => (index - middle) * (value - mean))) / spread;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

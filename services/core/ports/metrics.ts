import type { CounterName, GaugeName, HistogramName } from "#contracts/metrics";

/** Where figures go; the names, help texts and units stand in contracts/metrics.ts. */
export interface Metrics {
  count(name: CounterName, by?: number): void;
  observe(name: HistogramName, value: number): void;
  set(name: GaugeName, value: number): void;
}

const ignore = (): void => undefined;

export const noMetrics: Metrics = { count: ignore, observe: ignore, set: ignore };

import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import { counters, gauges, histograms, type CounterName, type GaugeName, type HistogramName } from "#contracts/metrics";
import type { Metrics } from "#core/ports/metrics";

export interface PromMetrics extends Metrics {
  /** Prometheus text exposition format 0.0.4. */
  expose(): Promise<string>;
}

function mapEntries<Name extends string, Entry, Result>(
  entries: Record<Name, Entry>,
  make: (name: Name, entry: Entry) => Result,
): Map<Name, Result> {
  return new Map((Object.keys(entries) as Name[]).map((name) => [name, make(name, entries[name])]));
}

export function createPromMetrics(): PromMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const countersByName = mapEntries<CounterName, string, Counter>(
    counters,
    (name, help) => new Counter({ name, help, registers }),
  );
  const gaugesByName = mapEntries<GaugeName, string, Gauge>(
    gauges,
    (name, help) => new Gauge({ name, help, registers }),
  );
  const histogramsByName = mapEntries<HistogramName, { help: string; buckets: readonly number[] }, Histogram>(
    histograms,
    (name, { help, buckets }) => new Histogram({ name, help, buckets: [...buckets], registers }),
  );
  return {
    count: (name, by = 1) => countersByName.get(name)?.inc(by),
    set: (name, value) => gaugesByName.get(name)?.set(value),
    observe: (name, value) => histogramsByName.get(name)?.observe(value),
    expose: () => registry.metrics(),
  };
}

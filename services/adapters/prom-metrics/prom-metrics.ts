import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import {
  counters,
  gauges,
  histograms,
  workerGauges,
  type CounterName,
  type GaugeName,
  type HistogramName,
  type WorkerGaugeName,
} from "#contracts/metrics";
import type { Metrics } from "#core/ports/metrics";
import type { WorkerSnapshot } from "#core/ports/worker-registry";
import { workerFigures } from "./worker-figures";

export interface PromMetrics extends Metrics {
  /** Prometheus text exposition format 0.0.4; of workers it tells what is known of these. */
  expose(workers: readonly WorkerSnapshot[]): Promise<string>;
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
  const workerGaugesByName = mapEntries<WorkerGaugeName, string, Gauge>(
    workerGauges,
    (name, help) => new Gauge({ name, help, registers, labelNames: ["worker"] }),
  );
  const tellOf = (workers: readonly WorkerSnapshot[]): void => {
    for (const gauge of workerGaugesByName.values()) gauge.reset();
    for (const worker of workers) {
      const figures = workerFigures(worker);
      for (const [name, gauge] of workerGaugesByName) {
        const value = figures[name];
        if (value !== undefined) gauge.set({ worker: worker.name }, value);
      }
    }
  };
  return {
    count: (name, by = 1) => countersByName.get(name)?.inc(by),
    set: (name, value) => gaugesByName.get(name)?.set(value),
    observe: (name, value) => histogramsByName.get(name)?.observe(value),
    expose(workers) {
      tellOf(workers);
      return registry.metrics();
    },
  };
}

import { readdirSync } from "node:fs";
import { systemClock } from "#adapters/system/system-clock";
import { sleep } from "#core/lifecycle/sleep";
import { single, spread, type Measure } from "#score/figures/measure";
import { slopePerStep, sum } from "#score/figures/statistics";
import type { OwnHost } from "../../bin/own-host";
import { readRssMb } from "../../bin/process-figures";
import { readValue } from "../prometheus-text";

const EVERY_MS = 5_000;
/** Caches and arenas grow to their size first. */
const WARM_UP_RATIO = 0.25;
const SLOPE_GOAL_MB = 1;
/** Open files come and go with sessions and restarts. */
const HANDLES_GOAL = 2;

const PARTS = ["orchestrator", "ears"] as const;
type Part = (typeof PARTS)[number];

export interface Sample {
  pids: Record<Part, number>;
  rssMb: Record<Part, number>;
  handles: Record<Part, number>;
  heapMb: number;
  /** Since the sample before. */
  eventLoopP99Ms: number;
  eventLoopMaxMs: number;
}

export async function sampleUntil(endAtMs: number, host: OwnHost): Promise<Sample[]> {
  const samples: Sample[] = [];
  while (systemClock.nowMs() < endAtMs) {
    const sample = await takeSample(host).catch(() => undefined);
    // A part of it is being restarted.
    if (sample !== undefined) samples.push(sample);
    await sleep(systemClock, EVERY_MS, new AbortController().signal);
  }
  return samples;
}

async function takeSample(host: OwnHost): Promise<Sample> {
  const { orchestrator, ears } = host.pids();
  const metrics = await (await fetch(`${host.httpUrl}/metrics`)).text();
  const countFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
  return {
    pids: { orchestrator, ears },
    rssMb: { orchestrator: readRssMb(orchestrator), ears: readRssMb(ears) },
    handles: { orchestrator: countFiles(orchestrator), ears: countFiles(ears) },
    heapMb: readValue(metrics, "nodejs_heap_size_used_bytes") / 1e6,
    eventLoopP99Ms: readValue(metrics, "nodejs_eventloop_lag_p99_seconds") * 1_000,
    eventLoopMaxMs: readValue(metrics, "nodejs_eventloop_lag_max_seconds") * 1_000,
  };
}

export function judgeSamples(samples: readonly Sample[]): Record<string, Measure> {
  const late = samples.slice(Math.floor(samples.length * WARM_UP_RATIO));
  const quarter = Math.floor(late.length / 4);
  const perMinute = (values: readonly number[]): number => slopePerStep(values) * (60_000 / EVERY_MS);
  const mean = (values: readonly number[]): number => sum(values) / values.length;
  const loop = (name: "eventLoopP99Ms" | "eventLoopMaxMs"): Measure =>
    spread(
      "ms",
      samples.map((sample) => sample[name]),
    );
  const measures: Record<string, Measure> = {
    "orchestrator: event loop delay, p99 of each 5 s": loop("eventLoopP99Ms"),
    "orchestrator: event loop delay, longest of each 5 s": loop("eventLoopMaxMs"),
    "orchestrator: growth of the heap in use after warm-up, least-squares line": single(
      "MB/min",
      perMinute(late.map(({ heapMb }) => heapMb)),
    ),
  };
  for (const part of PARTS) {
    const handles = late.map((sample) => sample.handles[part]);
    const ended = new Set(samples.map(({ pids }) => pids[part])).size - 1;
    measures[`${part}: times that it ended`] = single("times", ended, { atMost: 0 });
    measures[`${part}: resident memory at the end`] = single("MB", samples.at(-1)?.rssMb[part] ?? NaN);
    measures[`${part}: growth of resident memory after warm-up, least-squares line`] = single(
      "MB/min",
      perMinute(late.map(({ rssMb }) => rssMb[part])),
      { atMost: SLOPE_GOAL_MB },
    );
    measures[`${part}: open files more at the end than after warm-up, means`] = single(
      "files",
      mean(handles.slice(-quarter)) - mean(handles.slice(0, quarter)),
      { atMost: HANDLES_GOAL },
    );
  }
  return measures;
}

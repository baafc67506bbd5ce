import { readdirSync } from "node:fs";
import { systemClock } from "#adapters/system/system-clock";
import { sleep } from "#core/lifecycle/sleep";
import { createSeededRandom } from "#core/random/seeded-random";
import { single, spread, type Measure } from "#score/figures/measure";
import { slopePerStep } from "#score/figures/statistics";
import { readRssMb } from "../bin/process-figures";
import { withFleet, type BenchFleet } from "./bench-fleet";
import type { Benchmark, BenchmarkContext, BenchmarkResult } from "./benchmark";
import { startDroppingProxy, type DroppingProxy } from "./dropping-proxy";
import { findRedis } from "./find-redis";
import { readValue } from "./prometheus-text";
import { soakUser, type SoakTally } from "./soak-user";

const DEFAULT_MINUTES = 14;
const WORKERS = 3;
const USERS = 4;
const ANSWERS_PER_SESSION = 6;
const FAULT_EVERY_MS = 20_000;
const SAMPLE_EVERY_MS = 5_000;
const REDIS_FROZEN_MS = 3_000;
const WORKER_FROZEN_MS = 4_000;
/** Caches and arenas grow to their size first. */
const WARM_UP_RATIO = 0.25;
const SLOPE_GOAL_MB = 1;
/** Open files come and go with sessions and restarts. */
const HANDLES_GOAL = 2;
const SEED = 1;

const TEXTS = [
  "The children walked along the river until the evening came and the birds began to sing above the quiet water",
  "Every morning the baker opens the small shop at the corner and puts warm bread into the window for the people",
  "When the train had left the station at last we saw the long valley and the white mountains behind the forest",
];

const FAULTS = ["kill a worker", "freeze a worker", "freeze Redis", "drop a connection"] as const;
type Fault = (typeof FAULTS)[number];

const PARTS = ["orchestrator", "ears"] as const;
type Part = (typeof PARTS)[number];

interface Sample {
  rssMb: Record<Part, number>;
  handles: Record<Part, number>;
  eventLoopP99Ms: number;
}

export const soakBenchmark: Benchmark = {
  name: "soak",
  description: `conversations at once with a fault every 20 s: words, sessions, memory, handles (--minutes, default ${DEFAULT_MINUTES})`,
  async run(context) {
    return withFleet({ context, workerCount: WORKERS }, async (fleet) => {
      const proxy = await startDroppingProxy(fleet.host.url);
      try {
        return await soak(context, fleet, proxy);
      } finally {
        await proxy.close();
      }
    });
  },
};

async function soak(context: BenchmarkContext, fleet: BenchFleet, proxy: DroppingProxy): Promise<BenchmarkResult> {
  const minutes = context.minutes ?? DEFAULT_MINUTES;
  const endAtMs = systemClock.nowMs() + minutes * 60_000;
  const isOver = (): boolean => systemClock.nowMs() >= endAtMs;
  const users = Array.from({ length: USERS }, () =>
    soakUser({ url: proxy.url, texts: TEXTS, answersPerSession: ANSWERS_PER_SESSION, isOver }),
  );
  const { host } = fleet;
  const pids = host.pids();
  const samples: Sample[] = [];
  const [faults] = await Promise.all([
    harm(context, { fleet, proxy, endAtMs }),
    sampleUntil(endAtMs, async () => samples.push(await takeSample(host.httpUrl, pids))),
  ]);
  const tallies = await Promise.all(users);
  const answers = sum(tallies.map((tally) => tally.answers));
  return { n: answers, measures: { ...judgeTallies(tallies, faults), ...judgeSamples(samples) } };
}

function judgeTallies(tallies: readonly SoakTally[], faults: ReadonlyMap<Fault, number>): Record<string, Measure> {
  const none = { atMost: 0 };
  const errors = tallies.flatMap(({ errorCodes }) => errorCodes);
  return {
    ...Object.fromEntries(FAULTS.map((fault) => [`times: ${fault}`, single("faults", faults.get(fault) ?? 0)])),
    "words lost": single("words", sum(tallies.map(({ wordsLost }) => wordsLost)), none),
    "words doubled": single("words", sum(tallies.map(({ wordsDoubled }) => wordsDoubled)), none),
    "sessions died": single("sessions", sum(tallies.map(({ sessionsDied }) => sessionsDied)), none),
    [`errors told to users${errors.length > 0 ? `: ${[...new Set(errors)].join(", ")}` : ""}`]: single(
      "errors",
      errors.length,
    ),
  };
}

function judgeSamples(samples: readonly Sample[]): Record<string, Measure> {
  const late = samples.slice(Math.floor(samples.length * WARM_UP_RATIO));
  const perMinute = 60_000 / SAMPLE_EVERY_MS;
  const quarter = Math.floor(late.length / 4);
  const mean = (values: readonly number[]): number => sum(values) / values.length;
  const measures: Record<string, Measure> = {
    "orchestrator: event loop delay, p99 of each 5 s": spread(
      "ms",
      samples.map(({ eventLoopP99Ms }) => eventLoopP99Ms),
    ),
  };
  for (const part of PARTS) {
    const slope = slopePerStep(late.map(({ rssMb }) => rssMb[part])) * perMinute;
    const handles = late.map((sample) => sample.handles[part]);
    const grown = mean(handles.slice(-quarter)) - mean(handles.slice(0, quarter));
    measures[`${part}: growth of resident memory after warm-up, least-squares line`] = single("MB/min", slope, {
      atMost: SLOPE_GOAL_MB,
    });
    measures[`${part}: open files more at the end than after warm-up, means`] = single("files", grown, {
      atMost: HANDLES_GOAL,
    });
  }
  return measures;
}

async function takeSample(httpUrl: string, { orchestrator, ears }: Record<Part, number>): Promise<Sample> {
  const metrics = await (await fetch(`${httpUrl}/metrics`)).text();
  const countFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
  return {
    rssMb: { orchestrator: readRssMb(orchestrator), ears: readRssMb(ears) },
    handles: { orchestrator: countFiles(orchestrator), ears: countFiles(ears) },
    eventLoopP99Ms: readValue(metrics, "nodejs_eventloop_lag_p99_seconds") * 1_000,
  };
}

async function sampleUntil(endAtMs: number, take: () => Promise<unknown>): Promise<void> {
  while (systemClock.nowMs() < endAtMs) {
    await take();
    await pause(SAMPLE_EVERY_MS);
  }
}

/** Each fault once in every round, in an order and at a place that chance decides. */
async function harm(
  context: BenchmarkContext,
  { fleet, proxy, endAtMs }: { fleet: BenchFleet; proxy: DroppingProxy; endAtMs: number },
): Promise<Map<Fault, number>> {
  const random = createSeededRandom(SEED, "soak faults");
  const counts = new Map<Fault, number>();
  let round: Fault[] = [];
  await pause(FAULT_EVERY_MS / 2);
  while (systemClock.nowMs() < endAtMs - FAULT_EVERY_MS) {
    if (round.length === 0) round = [...FAULTS];
    const [fault] = round.splice(Math.floor(random() * round.length), 1);
    if (fault === undefined) break;
    const hasStruck = await strike(fault, { fleet, proxy, random });
    if (hasStruck) counts.set(fault, (counts.get(fault) ?? 0) + 1);
    context.progress(`${fault}${hasStruck ? "" : ": nothing to strike"}`);
    await pause(FAULT_EVERY_MS);
  }
  return counts;
}

async function strike(
  fault: Fault,
  { fleet, proxy, random }: { fleet: BenchFleet; proxy: DroppingProxy; random: () => number },
): Promise<boolean> {
  if (fault === "drop a connection") return proxy.dropOne(random);
  const pid = fault === "freeze Redis" ? findRedis() : fleet.workers[Math.floor(random() * WORKERS)]?.pid();
  if (pid === undefined) return false;
  if (fault === "kill a worker") return process.kill(pid, "SIGKILL");
  process.kill(pid, "SIGSTOP");
  await pause(fault === "freeze Redis" ? REDIS_FROZEN_MS : WORKER_FROZEN_MS);
  try {
    process.kill(pid, "SIGCONT");
  } catch {
    // Its supervisor has replaced it.
  }
  return true;
}

function pause(ms: number): Promise<void> {
  return sleep(systemClock, ms, new AbortController().signal);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

import type { WorkerSnapshot } from "../ports/worker-registry";

/** What this orchestrator has measured of a worker by itself. */
export interface Observation {
  /** Running mean of the time from the first clause sent to the first frame received, network and queue included, ms. */
  ttfaMs: number;
  /** Since the newest measurement, ms. */
  ageMs: number;
}

export interface WorkerFacts {
  worker: WorkerSnapshot;
  observation: Observation | undefined;
  /** Since the worker published other figures than before, ms. */
  publishedAgeMs: number;
  /** A stream on it broke off a moment ago. */
  isSuspect: boolean;
}

/** A figure counts half when it is this old: a worker that was slow once is tried again after a minute or two. */
const HALF_LIFE_MS = 60_000;
/** Of a worker of which nothing is known, with none to compare it to. */
const UNKNOWN_TTFA_MS = 100;
/** From here on a voice cannot keep up with its own playback once anything else runs there. */
const MAX_REAL_TIME_FACTOR = 0.9;
/** Added to the estimate of a worker that cannot keep up or is suspect: chosen only when there is no other. */
const LAST_RESORT_MS = 10_000;
/** A worker is never thought to be more than this many times slower for being busy. */
const MAX_SLOWDOWN = 10;

/**
 * Expected time to first audio for one more stream on each worker, ms; in the order given [RT2].
 *
 * What the orchestrator saw corrects what the worker says; both fade towards the median of all with their age. A worker
 * synthesises one clause at a time, so its utilisation is real-time factor × streams, and its queue grows as 1 ÷ (1 − u):
 * the mean time in a system with one server (M/M/1; Kleinrock, "Queueing Systems", 1975).
 */
export function estimateFirstAudioMs(facts: readonly WorkerFacts[]): number[] {
  const known = facts.map(knownTtfaMs).filter((ttfaMs) => ttfaMs !== undefined);
  const typicalMs = median(known) ?? UNKNOWN_TTFA_MS;
  return facts.map((each) => {
    const { stats, inUse } = each.worker;
    const realTimeFactor = stats?.realTimeFactor ?? 0;
    const utilisation = realTimeFactor * inUse;
    const slowdown = utilisation >= 1 ? MAX_SLOWDOWN : Math.min(MAX_SLOWDOWN, 1 / (1 - utilisation));
    const penaltyMs = each.isSuspect || realTimeFactor >= MAX_REAL_TIME_FACTOR ? LAST_RESORT_MS : 0;
    return fadedTtfaMs(each, typicalMs) * slowdown + (stats?.queueMs ?? 0) + penaltyMs;
  });
}

function knownTtfaMs({ worker, observation }: WorkerFacts): number | undefined {
  return observation?.ttfaMs ?? worker.stats?.ttfaMs;
}

function fadedTtfaMs({ worker, observation, publishedAgeMs }: WorkerFacts, typicalMs: number): number {
  const published = worker.stats?.ttfaMs;
  const byWorker = published === undefined ? typicalMs : blend(published, typicalMs, weightAt(publishedAgeMs));
  return observation === undefined ? byWorker : blend(observation.ttfaMs, byWorker, weightAt(observation.ageMs));
}

function weightAt(ageMs: number): number {
  return 0.5 ** (Math.max(0, ageMs) / HALF_LIFE_MS);
}

function blend(value: number, other: number, weight: number): number {
  return weight * value + (1 - weight) * other;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined || sorted.length % 2 === 1) return upper;
  return (upper + (sorted[middle - 1] ?? upper)) / 2;
}

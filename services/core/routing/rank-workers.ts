import { isForeignWorker } from "../../contracts/registry/worker-record";
import type { Random } from "../ports/ids";
import { estimateFirstAudioMs, type WorkerFacts } from "./estimate";

export interface RankRequest {
  voice: string;
  /** Worker that spoke last in this session. */
  affinity: string | undefined;
  /** Workers that must not be chosen, by name: lost in this turn, or asked already. */
  exclude: ReadonlySet<string>;
  random: Random;
}

/** Two estimates this close are the same: they are means over a few turns. */
const NEAR_RATIO = 1.15;
const NEAR_MS = 10;
/** The session stays with its worker while that costs less than this. */
const STICKY_RATIO = 1.2;
/** Above any time to first audio, below what is added for a worker that cannot keep up or just broke off. */
const OTHER_VOICE_MS = 5_000;
/** Names handed to the registry; the first one that still has a free slot gets the lease. */
const MAX_RANKED = 8;

/**
 * Names of the workers for the next stream, best first; pure over a snapshot. Rules RT1 to RT5 of docs/specs/routing.md.
 * Among near-equals the less loaded of two random ones comes first, so that many orchestrators with the same stale
 * snapshot do not all choose the same worker (Mitzenmacher, "The power of two choices in randomized load balancing", 2001).
 */
export function rankWorkers(facts: readonly WorkerFacts[], request: RankRequest): string[] {
  const candidates = facts.filter((each) => isCandidate(each, request));
  const estimates = estimateFirstAudioMs(candidates);
  const byEstimate = candidates
    .map(({ worker }, index) => ({
      worker,
      estimateMs: (estimates[index] ?? Infinity) + otherVoiceMs(worker, request),
    }))
    .sort((a, b) => a.estimateMs - b.estimateMs);
  const best = byEstimate[0];
  if (best === undefined) return [];
  const sticky = byEstimate.find(({ worker }) => worker.name === request.affinity);
  const near = byEstimate.filter((each) => each !== best && each.estimateMs <= best.estimateMs * NEAR_RATIO + NEAR_MS);
  const isStickyCheap = sticky !== undefined && sticky.estimateMs < best.estimateMs * STICKY_RATIO;
  const first = isStickyCheap ? sticky : lessLoadedOfTwo([best, ...near], request.random);
  const rest = byEstimate.filter((each) => each !== first);
  return [first, ...rest].slice(0, MAX_RANKED).map(({ worker }) => worker.name);
}

function isCandidate({ worker }: WorkerFacts, request: RankRequest): boolean {
  return (
    worker.isLive &&
    worker.state === "ready" &&
    worker.inUse < worker.capacity &&
    worker.info.voices.includes(request.voice) &&
    !request.exclude.has(worker.name)
  );
}

/** A worker that would speak with another voice than the one asked for comes after all that have it and keep up [RT9]. */
function otherVoiceMs({ info }: WorkerFacts["worker"], { voice }: RankRequest): number {
  return isForeignWorker(info) && !info.residentVoices.includes(voice) ? OTHER_VOICE_MS : 0;
}

type Ranked = { worker: WorkerFacts["worker"]; estimateMs: number };

function lessLoadedOfTwo(near: readonly [Ranked, ...Ranked[]], random: Random): Ranked {
  const pick = (count: number): number => Math.min(count - 1, Math.floor(random() * count));
  const firstIndex = pick(near.length);
  const others = near.filter((_, index) => index !== firstIndex);
  const first = near[firstIndex] ?? near[0];
  const second = others[pick(others.length)];
  if (second === undefined) return first;
  const load = ({ worker }: Ranked): number => worker.inUse / worker.capacity;
  return load(second) < load(first) ? second : first;
}

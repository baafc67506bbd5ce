import type { Clock } from "../ports/clock";
import type { Random } from "../ports/ids";
import type { WorkerSnapshot } from "../ports/worker-registry";
import type { WorkerFacts } from "./estimate";
import { rankWorkers } from "./rank-workers";

export interface WorkerRouterDeps {
  clock: Clock;
  random: Random;
  /** The newest list of workers. */
  workers(): readonly WorkerSnapshot[];
}

/** Weight of the newest measurement: the last five or so count. */
const NEWEST_WEIGHT = 0.3;
/** First-audio times kept of each worker for its 90th percentile, and how many it takes. */
const WINDOW = 50;
const MIN_FOR_P90 = 10;
/** A worker on which a stream broke off is suspect until its heartbeat would be overdue if it were dead. */
const SUSPECT_MS = 6_000;
/** What the way there and back may add to a percentile that the worker measured at its own end, ms. */
const NETWORK_ALLOWANCE_MS = 20;
/** Sessions whose worker is remembered; the ones that spoke longest ago are forgotten. */
const MAX_AFFINITIES = 1_000;

interface Record {
  /** A restarted worker is another one. */
  generation: number;
  publishedKey: string;
  publishedAtMs: number;
  recentTtfaMs: number[];
  ttfaMs: number | undefined;
  observedAtMs: number;
  lostAtMs: number;
}

/** Chooses workers by what they measure and by what is seen of them here. One for all sessions of an orchestrator. */
export class WorkerRouter {
  readonly #deps: WorkerRouterDeps;
  readonly #records = new Map<string, Record>();
  readonly #affinities = new Map<string, string>();

  constructor(deps: WorkerRouterDeps) {
    this.#deps = deps;
  }

  /** Names of workers for the session's next stream, best first; empty when none is known. */
  rank(request: { voice: string; sessionId: string; exclude?: ReadonlySet<string> }): string[] {
    const { voice, sessionId, exclude = new Set() } = request;
    const affinity = this.#affinities.get(sessionId);
    return rankWorkers(this.#facts(), { voice, affinity, exclude, random: this.#deps.random });
  }

  /** A stream of the session gave its first frame `ttfaMs` after its first clause was sent. */
  observe(spoken: { worker: string; sessionId: string; ttfaMs: number }): void {
    this.#affinities.delete(spoken.sessionId);
    this.#affinities.set(spoken.sessionId, spoken.worker);
    const oldest = this.#affinities.keys().next();
    if (this.#affinities.size > MAX_AFFINITIES && oldest.done !== true) this.#affinities.delete(oldest.value);
    this.#measure(spoken.worker, spoken.ttfaMs);
  }

  /** A stream was given up `waitedMs` after its first clause, without a frame: it would have taken at least that long. */
  observeSilence(given: { worker: string; waitedMs: number }): void {
    const known = this.#records.get(given.worker)?.ttfaMs ?? 0;
    if (given.waitedMs > known) this.#measure(given.worker, given.waitedMs);
  }

  /** A stream of this worker broke off. */
  observeLoss(worker: string): void {
    const record = this.#refresh(this.#find(worker));
    if (record !== undefined) record.lostAtMs = this.#deps.clock.nowMs();
  }

  /** Nine of ten first frames of this worker come sooner, ms; undefined while too few were seen. */
  p90Ms(worker: string): number | undefined {
    const recent = this.#records.get(worker)?.recentTtfaMs ?? [];
    if (recent.length >= MIN_FOR_P90) return [...recent].sort((a, b) => a - b)[Math.ceil(recent.length * 0.9) - 1];
    const published = this.#find(worker)?.stats?.ttfaP90Ms;
    return published === undefined ? undefined : published + NETWORK_ALLOWANCE_MS;
  }

  #measure(worker: string, ttfaMs: number): void {
    const record = this.#records.get(worker) ?? this.#refresh(this.#find(worker));
    if (record === undefined) return;
    record.ttfaMs = record.ttfaMs === undefined ? ttfaMs : record.ttfaMs + NEWEST_WEIGHT * (ttfaMs - record.ttfaMs);
    record.observedAtMs = this.#deps.clock.nowMs();
    record.recentTtfaMs = [...record.recentTtfaMs, ttfaMs].slice(-WINDOW);
  }

  #find(name: string): WorkerSnapshot | undefined {
    return this.#deps.workers().find((worker) => worker.name === name);
  }

  #facts(): WorkerFacts[] {
    const workers = this.#deps.workers();
    const names = new Set(workers.map(({ name }) => name));
    for (const name of this.#records.keys()) if (!names.has(name)) this.#records.delete(name);
    const nowMs = this.#deps.clock.nowMs();
    return workers.map((worker) => {
      const { ttfaMs, observedAtMs, publishedAtMs, lostAtMs } = this.#refresh(worker);
      return {
        worker,
        observation: ttfaMs === undefined ? undefined : { ttfaMs, ageMs: nowMs - observedAtMs },
        publishedAgeMs: nowMs - publishedAtMs,
        isSuspect: nowMs - lostAtMs < SUSPECT_MS,
      };
    });
  }

  /** The record of this worker, begun anew when it was restarted, and its figures noted when they are new. */
  #refresh(worker: WorkerSnapshot): Record;
  #refresh(worker: WorkerSnapshot | undefined): Record | undefined;
  #refresh(worker: WorkerSnapshot | undefined): Record | undefined {
    if (worker === undefined) return undefined;
    const nowMs = this.#deps.clock.nowMs();
    const publishedKey = `${worker.stats?.ttfaMs}/${worker.stats?.realTimeFactor}`;
    let record = this.#records.get(worker.name);
    if (record?.generation !== worker.generation) {
      record = {
        generation: worker.generation,
        publishedKey,
        publishedAtMs: nowMs,
        recentTtfaMs: [],
        ttfaMs: undefined,
        observedAtMs: nowMs,
        lostAtMs: Number.NEGATIVE_INFINITY,
      };
      this.#records.set(worker.name, record);
    }
    if (record.publishedKey !== publishedKey) {
      record.publishedKey = publishedKey;
      record.publishedAtMs = nowMs;
    }
    return record;
  }
}

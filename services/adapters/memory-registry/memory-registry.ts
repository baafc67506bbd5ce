import type { WorkerInfo, WorkerStats } from "#contracts/registry/worker-record";
import type { Clock } from "#core/ports/clock";
import { checkRegistration } from "#core/registry/check-registration";
import type {
  DesiredState,
  Lease,
  LeaseUpdate,
  Registration,
  RegistryOrigin,
  WorkerRegistry,
  WorkerSnapshot,
} from "#core/ports/worker-registry";

export interface MemoryRegistryOptions {
  clock: Clock;
  origin?: RegistryOrigin;
}

/** A worker with an overdue heartbeat is forgotten after this long, with its leases; until then its next heartbeat revives it. */
const FORGET_AFTER_MS = 60_000;

const DEFAULT_ORIGIN: RegistryOrigin = {
  source: "in-process",
  address: "this process",
  banner: "Workers on other machines cannot join: no Redis is in use.",
};

interface WorkerEntry {
  info: WorkerInfo;
  nonce: string;
  generation: number;
  capacity: number;
  state: DesiredState;
  stats: WorkerStats | undefined;
  beatAtMs: number;
  expiresAtMs: number;
}

interface LeaseEntry {
  lease: Lease;
  workerName: string;
  expiresAtMs: number;
}

/** The registry for one computer alone: lives and dies with this process. Same rules as the one in Redis. */
export function createMemoryRegistry(options: MemoryRegistryOptions): WorkerRegistry {
  return new MemoryRegistry(options);
}

class MemoryRegistry implements WorkerRegistry {
  readonly origin: RegistryOrigin;
  readonly #clock: Clock;
  readonly #workers = new Map<string, WorkerEntry>();
  readonly #leases = new Map<string, LeaseEntry>();
  #lastToken = 0;

  constructor(options: MemoryRegistryOptions) {
    this.#clock = options.clock;
    this.origin = options.origin ?? DEFAULT_ORIGIN;
  }

  async register(request: Parameters<WorkerRegistry["register"]>[0]): ReturnType<WorkerRegistry["register"]> {
    const nowMs = this.#sweep();
    const { name } = checkRegistration(request).info;
    const held = this.#workers.get(name);
    if (held !== undefined && held.nonce !== request.nonce && held.expiresAtMs > nowMs) {
      return { type: "name-taken", heldByHost: held.info.host, expiresInMs: held.expiresAtMs - nowMs };
    }
    if (held?.nonce === request.nonce && isSameInfo(held.info, request.info)) {
      this.#keepAlive(held, request.ttlMs);
      return { type: "registered", registration: { name, generation: held.generation } };
    }
    this.#dropWorker(name);
    const { info, nonce, capacity, state = "ready" } = request;
    const entry: WorkerEntry = {
      info,
      nonce,
      capacity,
      generation: this.#nextToken(),
      state,
      stats: undefined,
      beatAtMs: 0,
      expiresAtMs: 0,
    };
    this.#keepAlive(entry, request.ttlMs);
    this.#workers.set(name, entry);
    return { type: "registered", registration: { name, generation: entry.generation } };
  }

  async beat(
    registration: Registration,
    beat: { ttlMs: number; stats: WorkerStats },
  ): ReturnType<WorkerRegistry["beat"]> {
    const entry = this.#workers.get(registration.name);
    if (entry === undefined) return { type: "unknown" };
    if (entry.generation !== registration.generation) return { type: "stale" };
    entry.stats = beat.stats;
    this.#keepAlive(entry, beat.ttlMs);
    return { type: "ok", desiredState: entry.state };
  }

  async unregister(registration: Registration): Promise<void> {
    if (this.#workers.get(registration.name)?.generation === registration.generation)
      this.#dropWorker(registration.name);
  }

  async lease(request: Parameters<WorkerRegistry["lease"]>[0]): ReturnType<WorkerRegistry["lease"]> {
    const nowMs = this.#sweep();
    const held = this.#leases.get(request.requestId);
    if (held !== undefined) return { type: "granted", lease: held.lease };
    const candidates = [...this.#workers.values()]
      .filter(
        (worker) =>
          worker.state === "ready" &&
          worker.expiresAtMs > nowMs &&
          worker.info.voices.includes(request.voice) &&
          request.exclude?.includes(worker.info.name) !== true,
      )
      .map((worker) => ({ worker, load: this.#inUse(worker.info.name) / worker.capacity }))
      .sort((a, b) => a.load - b.load);
    const free = candidates.filter(({ load }) => load < 1);
    const wanted = request.preferred?.flatMap((name) => free.find(({ worker }) => worker.info.name === name) ?? []);
    const best = wanted?.[0] ?? candidates[0];
    if (best === undefined) return { type: "none", reason: "no-worker" };
    if (best.load >= 1) return { type: "none", reason: "worker-at-capacity" };
    const { requestId, ttlMs } = request;
    const { info, generation } = best.worker;
    const lease: Lease = { requestId, worker: info, generation, fencingToken: this.#nextToken(), ttlMs };
    this.#leases.set(requestId, { lease, workerName: info.name, expiresAtMs: nowMs + ttlMs });
    return { type: "granted", lease };
  }

  async renew(lease: Lease): Promise<LeaseUpdate> {
    const nowMs = this.#sweep();
    const held = this.#leases.get(lease.requestId);
    if (held === undefined) return "gone";
    if (held.lease.fencingToken !== lease.fencingToken) return "stale";
    held.expiresAtMs = nowMs + lease.ttlMs;
    return "ok";
  }

  async release(lease: Lease): Promise<LeaseUpdate> {
    this.#sweep();
    const held = this.#leases.get(lease.requestId);
    if (held === undefined) return "gone";
    if (held.lease.fencingToken !== lease.fencingToken) return "stale";
    this.#leases.delete(lease.requestId);
    return "ok";
  }

  async setDesiredState(name: string, state: DesiredState): Promise<"ok" | "unknown"> {
    const entry = this.#workers.get(name);
    if (entry === undefined) return "unknown";
    entry.state = state;
    return "ok";
  }

  async list(): Promise<WorkerSnapshot[]> {
    const nowMs = this.#sweep();
    return [...this.#workers.values()]
      .map(({ info, generation, state, capacity, stats, beatAtMs, expiresAtMs }) => {
        const inUse = this.#inUse(info.name);
        return {
          name: info.name,
          generation,
          state,
          capacity,
          inUse,
          info,
          stats,
          heartbeatAgeMs: nowMs - beatAtMs,
          isLive: expiresAtMs > nowMs,
        };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async close(): Promise<void> {
    this.#workers.clear();
    this.#leases.clear();
  }

  /** Wall-clock microseconds are ahead of any count of grants, so tokens grow across restarts of the process too. */
  #nextToken(): number {
    this.#lastToken = Math.max(this.#lastToken + 1, this.#clock.wallTime().getTime() * 1000);
    return this.#lastToken;
  }

  #keepAlive(entry: WorkerEntry, ttlMs: number): void {
    entry.beatAtMs = this.#clock.nowMs();
    entry.expiresAtMs = entry.beatAtMs + ttlMs;
  }

  #inUse(name: string): number {
    let count = 0;
    for (const lease of this.#leases.values()) if (lease.workerName === name) count += 1;
    return count;
  }

  #dropWorker(name: string): void {
    this.#workers.delete(name);
    for (const [requestId, lease] of this.#leases) if (lease.workerName === name) this.#leases.delete(requestId);
  }

  /** Ends what is overdue; returns the present instant. */
  #sweep(): number {
    const nowMs = this.#clock.nowMs();
    for (const [requestId, lease] of this.#leases) if (lease.expiresAtMs <= nowMs) this.#leases.delete(requestId);
    for (const [name, worker] of this.#workers)
      if (worker.expiresAtMs + FORGET_AFTER_MS <= nowMs) this.#dropWorker(name);
    return nowMs;
  }
}

function isSameInfo(one: WorkerInfo, other: WorkerInfo): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

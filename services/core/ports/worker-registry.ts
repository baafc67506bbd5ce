import type { Disposable } from "../lifecycle/disposable";
import type { WorkerInfo, WorkerState, WorkerStats } from "../../contracts/registry/worker-record";

/** Shape of one registration: `generation` grows each time the name is taken anew. */
export interface Registration {
  name: string;
  generation: number;
}

export interface WorkerSnapshot {
  name: string;
  generation: number;
  state: WorkerState;
  capacity: number;
  inUse: number;
  info: WorkerInfo;
  stats: WorkerStats | undefined;
  /** Age of the last heartbeat by the registry's own clock. */
  heartbeatAgeMs: number;
  isLive: boolean;
}

export interface Lease {
  requestId: string;
  worker: WorkerInfo;
  generation: number;
  /** Grows with every grant of this registry, across restarts of it; a worker refuses older ones. */
  fencingToken: number;
  ttlMs: number;
}

export type RegisterOutcome =
  { type: "registered"; registration: Registration } | { type: "name-taken"; heldByHost: string; expiresInMs: number };

export type BeatOutcome =
  | { type: "ok"; desiredState: WorkerState }
  /** The registry has lost us (restart, flush): register again. */
  | { type: "unknown" }
  /** Someone else has the name now: stop serving. */
  | { type: "stale" };

export type LeaseOutcome =
  { type: "granted"; lease: Lease } | { type: "none"; reason: "no-worker" | "worker-at-capacity" };

export type LeaseUpdate = "ok" | "gone" | "stale";

export interface RegisterRequest {
  info: WorkerInfo;
  /**
   * Secret of the worker, or of the supervisor that restarts it. The same nonce registering again is the same registration,
   * unless `info` has changed: then it is a new start that takes the place of the one before.
   */
  nonce: string;
  capacity: number;
  ttlMs: number;
  /** A worker that drains says so where it is not known any more. Default `ready`; the same registration keeps its state. */
  state?: DesiredState;
}

export interface LeaseRequest {
  /** Same id, same answer, while the lease lives. */
  requestId: string;
  /** Only workers that speak with this voice. */
  voice: string;
  ttlMs: number;
  /** Names, best first: the first of them that may be leased is; after them the one with the lowest load. At most 16. */
  preferred?: readonly string[];
  /** Names that must not be leased. At most 16. */
  exclude?: readonly string[];
}

/** What an operator can ask of a worker. */
export type DesiredState = Exclude<WorkerState, "starting">;

/** Where the registry lives, for people. */
export interface RegistryOrigin {
  source: "url" | "settings" | "config" | "local" | "private" | "in-process";
  /** Address without secrets. */
  address: string;
  /** A plain warning to show, if any. */
  banner: string | undefined;
}

/** What stands under one of the predecessor's keys; `value` is undefined when that is no record: neither a string nor a hash, or too large. */
export interface ForeignEntry {
  key: string;
  value: string | Record<string, string> | undefined;
}

/** What is known of the fleet at an instant. */
export interface FleetView {
  workers: readonly WorkerSnapshot[];
  /** The instant, on the watcher's clock, as of which the heartbeats' ages are. */
  seenAtMs: number;
  /** Why `workers` is no longer up to date; undefined while it is. */
  error: unknown;
  /** False for two heartbeats' TTLs after the link, the server or its data began anew: who is missing may not be back yet. */
  isSettled: boolean;
}

export interface FleetWatch extends Disposable {
  /** Reads the whole list now. Never rejects. */
  refresh(): Promise<void>;
}

/**
 * Shared table of live workers and leases. All calls reject with `registry-unavailable`
 * (or a `redis-*` code that says why) within 2 s when it cannot be reached; none of them queues.
 */
export interface WorkerRegistry {
  readonly origin: RegistryOrigin;
  register(request: RegisterRequest): Promise<RegisterOutcome>;
  beat(registration: Registration, beat: { ttlMs: number; stats: WorkerStats }): Promise<BeatOutcome>;
  unregister(registration: Registration): Promise<void>;
  lease(request: LeaseRequest): Promise<LeaseOutcome>;
  /** Extends the lease to its full `ttlMs` from now. `gone`: expired or dropped; `stale`: granted anew to another request. */
  renew(lease: Lease): Promise<LeaseUpdate>;
  release(lease: Lease): Promise<LeaseUpdate>;
  /**
   * Asks a worker to drain or to serve again. A draining worker is leased no more from this call on;
   * the worker itself learns of it with its next heartbeat. A drain ends with the worker's process.
   */
  setDesiredState(name: string, state: DesiredState): Promise<"ok" | "unknown">;
  /** All registered workers by name, those with an overdue heartbeat included until they are forgotten. */
  list(): Promise<WorkerSnapshot[]>;
  /** Tells of every change as it comes, where the registry can. The first view comes with the first `refresh`, or sooner. */
  watch?(listener: (view: FleetView) => void): FleetWatch;
  /** What stands under the predecessor's keys, where the registry is a Redis; at most 256 entries. */
  foreignEntries?(): Promise<ForeignEntry[]>;
  close(): Promise<void>;
}

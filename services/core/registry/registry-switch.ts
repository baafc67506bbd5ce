import type { RedisStatus } from "../ports/redis-status";
import type { Clock } from "../ports/clock";
import type {
  FleetView,
  FleetWatch,
  Lease,
  LeaseOutcome,
  LeaseRequest,
  RegistryOrigin,
  WorkerRegistry,
} from "../ports/worker-registry";
import { watchFleet } from "./watch-fleet";

export type DescribedRegistry = WorkerRegistry & Partial<RedisStatus>;

/** Leases that were abandoned to expire do not pile up beyond this; far more than answers are spoken at a time. */
const MAX_REMEMBERED_LEASES = 10_000;

/**
 * A registry that can be exchanged while answers are spoken. A lease of the one before is not asked for any more: its
 * worker goes on, since the open link to it is what carries the voice.
 */
export class RegistrySwitch implements WorkerRegistry {
  #current: DescribedRegistry;
  /** Leases of the current one. */
  #granted = new Set<string>();
  readonly #clock: Clock;
  readonly #watchers = new Map<(view: FleetView) => void, FleetWatch>();

  constructor(initial: DescribedRegistry, clock: Clock) {
    this.#current = initial;
    this.#clock = clock;
  }

  get origin(): RegistryOrigin {
    return this.#current.origin;
  }

  /** The server behind it, if that is a Redis. */
  get redisStatus(): RedisStatus | undefined {
    const { describeServer } = this.#current;
    return describeServer === undefined ? undefined : { describeServer: describeServer.bind(this.#current) };
  }

  /** Returns the one before, which the caller closes. */
  use(next: DescribedRegistry): DescribedRegistry {
    const before = this.#current;
    this.#current = next;
    this.#granted = new Set();
    for (const [listener, watch] of this.#watchers) {
      watch.dispose();
      this.#watchers.set(listener, watchFleet(next, this.#clock, listener));
    }
    return before;
  }

  watch(listener: (view: FleetView) => void): FleetWatch {
    this.#watchers.set(listener, watchFleet(this.#current, this.#clock, listener));
    return {
      refresh: () => this.#watchers.get(listener)?.refresh() ?? Promise.resolve(),
      dispose: () => {
        this.#watchers.get(listener)?.dispose();
        this.#watchers.delete(listener);
      },
    };
  }

  async lease(request: LeaseRequest): Promise<LeaseOutcome> {
    const asked = this.#current;
    const outcome = await asked.lease(request);
    if (outcome.type !== "granted" || asked !== this.#current) return outcome;
    this.#granted.add(request.requestId);
    const [oldest] = this.#granted;
    if (this.#granted.size > MAX_REMEMBERED_LEASES && oldest !== undefined) this.#granted.delete(oldest);
    return outcome;
  }

  renew(lease: Lease): ReturnType<WorkerRegistry["renew"]> {
    return this.#granted.has(lease.requestId) ? this.#current.renew(lease) : Promise.resolve("ok");
  }

  release(lease: Lease): ReturnType<WorkerRegistry["release"]> {
    return this.#granted.delete(lease.requestId) ? this.#current.release(lease) : Promise.resolve("gone");
  }

  register(...args: Parameters<WorkerRegistry["register"]>): ReturnType<WorkerRegistry["register"]> {
    return this.#current.register(...args);
  }

  beat(...args: Parameters<WorkerRegistry["beat"]>): ReturnType<WorkerRegistry["beat"]> {
    return this.#current.beat(...args);
  }

  unregister(...args: Parameters<WorkerRegistry["unregister"]>): ReturnType<WorkerRegistry["unregister"]> {
    return this.#current.unregister(...args);
  }

  setDesiredState(
    ...args: Parameters<WorkerRegistry["setDesiredState"]>
  ): ReturnType<WorkerRegistry["setDesiredState"]> {
    return this.#current.setDesiredState(...args);
  }

  list(): ReturnType<WorkerRegistry["list"]> {
    return this.#current.list();
  }

  foreignEntries(): ReturnType<NonNullable<WorkerRegistry["foreignEntries"]>> {
    return this.#current.foreignEntries?.() ?? Promise.resolve([]);
  }

  close(): Promise<void> {
    return this.#current.close();
  }
}

import { AppError, hasCode } from "#contracts/errors";
import type { WorkerInfo, WorkerState, WorkerStats } from "#contracts/registry/worker-record";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { Random } from "#core/ports/ids";
import type { Logger } from "#core/ports/logger";
import type { DesiredState, Registration, WorkerRegistry, WorkerSnapshot } from "#core/ports/worker-registry";

export interface RegistrationKeeperDeps {
  registry: WorkerRegistry;
  clock: Clock;
  random: Random;
  log: Logger;
  info: WorkerInfo;
  /** The same for all registrations of this start. */
  nonce: string;
  capacity: number;
  heartbeatMs: number;
  ttlMs: number;
  stats: () => WorkerStats;
  /** What it was asked for last; a registry that has lost it has lost that, too. */
  desiredState: () => DesiredState;
  /** The registry wants another state. */
  onDesiredState: (state: WorkerState) => void;
  /** Somebody else has the name now: nothing may be served any more. */
  onNameLost: (error: AppError) => void;
}

/** Heartbeats of many workers must not fall together: each interval is drawn from ±10 %. */
const JITTER_RATIO = 0.1;
/** While the registry cannot be reached; a thousand workers together cost a Redis that only refuses a fifth of a core. */
const RETRY_MS = 100;

/** Keeps the worker in the registry. While the registry cannot be reached it tries on, and the worker serves on. */
export class RegistrationKeeper {
  #registry: WorkerRegistry;
  #registration: Registration | undefined;
  #timer: Disposable | undefined;
  #isStopped = false;
  #isReachable = true;

  constructor(readonly deps: RegistrationKeeperDeps) {
    this.#registry = deps.registry;
  }

  /** Registers and begins to beat. Throws `worker-name-taken`; an unreachable registry is tried again with each beat. */
  async start(): Promise<void> {
    try {
      await this.#register();
    } catch (error) {
      if (hasCode(error, "worker-name-taken")) throw error;
      this.#onUnreachable(error);
    }
    this.#schedule();
  }

  /**
   * Registers at another registry too. Throws `worker-name-taken`, or why it cannot be reached. `commit` makes it the only
   * one, `abort` leaves it again.
   */
  async prepareMove(next: WorkerRegistry): Promise<{ commit(): Promise<void>; abort(): Promise<void> }> {
    const registration = await this.#registerAt(next);
    return {
      commit: async () => {
        const before = { registry: this.#registry, registration: this.#registration };
        this.#registry = next;
        this.#registration = registration;
        this.#isReachable = true;
        await this.#leave(before.registry, before.registration);
      },
      abort: () => this.#leave(next, registration),
    };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.dispose();
    const registration = this.#registration;
    this.#registration = undefined;
    await this.#leave(this.#registry, registration);
  }

  /** All workers of the registry that is in use. Rejects as the registry does. */
  list(): Promise<WorkerSnapshot[]> {
    return this.#registry.list();
  }

  async #leave(registry: WorkerRegistry, registration: Registration | undefined): Promise<void> {
    if (registration === undefined) return;
    try {
      await registry.unregister(registration);
    } catch (error) {
      this.deps.log.warn("the worker could not be unregistered; its registration will expire", {
        error: String(error),
      });
    }
  }

  async #register(): Promise<void> {
    const registry = this.#registry;
    const registration = await this.#registerAt(registry);
    if (registry !== this.#registry) return this.#leave(registry, registration);
    this.#registration = registration;
    this.#isReachable = true;
  }

  async #registerAt(registry: WorkerRegistry): Promise<Registration> {
    const { info, nonce, capacity, ttlMs } = this.deps;
    const outcome = await registry.register({ info, nonce, capacity, ttlMs, state: this.deps.desiredState() });
    if (outcome.type === "name-taken") {
      throw new AppError("worker-name-taken", {
        detail: `${info.name}, held by ${outcome.heldByHost} for another ${Math.ceil(outcome.expiresInMs / 1000)} s at least`,
      });
    }
    this.deps.log.info("registered", { name: info.name, generation: outcome.registration.generation });
    return outcome.registration;
  }

  #schedule(): void {
    if (this.#isStopped) return;
    const intervalMs = this.#isReachable ? this.deps.heartbeatMs : Math.min(RETRY_MS, this.deps.heartbeatMs);
    const delayMs = intervalMs * (1 + JITTER_RATIO * (2 * this.deps.random() - 1));
    this.#timer = this.deps.clock.setTimer(delayMs, () => {
      void this.#beat().finally(() => this.#schedule());
    });
  }

  async #beat(): Promise<void> {
    try {
      if (this.#registration === undefined) return await this.#register();
      const registry = this.#registry;
      const { ttlMs, stats } = this.deps;
      const outcome = await registry.beat(this.#registration, { ttlMs, stats: stats() });
      if (this.#isStopped || registry !== this.#registry) return;
      if (!this.#isReachable) this.deps.log.info("the registry can be reached again");
      this.#isReachable = true;
      switch (outcome.type) {
        case "ok":
          this.deps.onDesiredState(outcome.desiredState);
          return;
        case "unknown":
          this.#registration = undefined;
          return await this.#register();
        case "stale":
          this.#loseName(new AppError("worker-name-taken", { detail: this.deps.info.name }));
      }
    } catch (error) {
      if (error instanceof AppError && error.code === "worker-name-taken") this.#loseName(error);
      else this.#onUnreachable(error);
    }
  }

  #loseName(error: AppError): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#registration = undefined;
    this.deps.onNameLost(error);
  }

  #onUnreachable(error: unknown): void {
    if (this.#isReachable) this.deps.log.warn("the registry cannot be reached; serving on", { error: String(error) });
    this.#isReachable = false;
  }
}

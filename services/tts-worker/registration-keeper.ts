import { AppError, hasCode } from "#contracts/errors";
import type { WorkerInfo, WorkerState, WorkerStats } from "#contracts/registry/worker-record";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { Random } from "#core/ports/ids";
import type { Logger } from "#core/ports/logger";
import type { Registration, WorkerRegistry } from "#core/ports/worker-registry";

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
  /** The registry wants another state. */
  onDesiredState: (state: WorkerState) => void;
  /** Somebody else has the name now: nothing may be served any more. */
  onNameLost: (error: AppError) => void;
}

/** Heartbeats of many workers must not fall together: each interval is drawn from ±10 %. */
const JITTER_RATIO = 0.1;

/** Keeps the worker in the registry. While the registry cannot be reached it tries on, and the worker serves on. */
export class RegistrationKeeper {
  #registration: Registration | undefined;
  #timer: Disposable | undefined;
  #isStopped = false;
  #isReachable = true;

  constructor(readonly deps: RegistrationKeeperDeps) {}

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

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.dispose();
    const registration = this.#registration;
    this.#registration = undefined;
    if (registration === undefined) return;
    try {
      await this.deps.registry.unregister(registration);
    } catch (error) {
      this.deps.log.warn("the worker could not be unregistered; its registration will expire", {
        error: String(error),
      });
    }
  }

  async #register(): Promise<void> {
    const { registry, info, nonce, capacity, ttlMs } = this.deps;
    const outcome = await registry.register({ info, nonce, capacity, ttlMs });
    if (outcome.type === "name-taken") {
      throw new AppError("worker-name-taken", {
        detail: `${info.name}, held by ${outcome.heldByHost} for another ${Math.ceil(outcome.expiresInMs / 1000)} s at least`,
      });
    }
    this.#registration = outcome.registration;
    this.#isReachable = true;
    this.deps.log.info("registered", { name: info.name, generation: outcome.registration.generation });
  }

  #schedule(): void {
    if (this.#isStopped) return;
    const delayMs = this.deps.heartbeatMs * (1 + JITTER_RATIO * (2 * this.deps.random() - 1));
    this.#timer = this.deps.clock.setTimer(delayMs, () => {
      void this.#beat().finally(() => this.#schedule());
    });
  }

  async #beat(): Promise<void> {
    try {
      if (this.#registration === undefined) return await this.#register();
      const { registry, ttlMs, stats } = this.deps;
      const outcome = await registry.beat(this.#registration, { ttlMs, stats: stats() });
      if (this.#isStopped) return;
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

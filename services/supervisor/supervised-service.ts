import { AppError, fromWireError, type WireError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { ServiceReport, type ServiceOrder } from "#contracts/child/service";
import { createDeferred } from "#core/lifecycle/deferred";
import type { Disposable } from "#core/lifecycle/disposable";
import type { ChildHandle, ChildSpec, ChildStarter } from "#core/ports/child-process";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import { startHeartbeat, type Heartbeat } from "./heartbeat";

export interface SupervisionConfig {
  /** First wait before a restart, ms; doubles with each failure up to `maxBackoffMs`. */
  backoffMs: number;
  maxBackoffMs: number;
  /** A child that ran this long has proven itself: the wait starts over. */
  stableAfterMs: number;
  /** Failures in a row after which it is given up. */
  maxRestarts: number;
  /** The same before it was ever ready: something is wrong that a restart rarely cures. */
  maxFirstRestarts: number;
  /** From start to the ready report. */
  readyTimeoutMs: number;
  /** From the stop order to SIGKILL. */
  stopTimeoutMs: number;
  /** From one question whether it still answers to the next. */
  heartbeatMs: number;
  /** Unanswered in a row, after which a child that runs counts as frozen, is killed and replaced. */
  maxMissedHeartbeats: number;
}

export const defaultSupervision: SupervisionConfig = {
  backoffMs: 100,
  maxBackoffMs: 5_000,
  stableAfterMs: 30_000,
  maxRestarts: 10,
  maxFirstRestarts: 2,
  readyTimeoutMs: 30_000,
  stopTimeoutMs: 2_500,
  heartbeatMs: 1_000,
  // Longer than anything that blocks a service on a busy computer; a decode, which may, runs in the ears.
  maxMissedHeartbeats: 5,
};

/** `restarting`: it ended or froze, and comes back. */
export type ServiceState = "ready" | "restarting" | "given-up";

export interface SupervisedServiceDeps {
  starter: ChildStarter;
  clock: Clock;
  log: Logger;
  config: SupervisionConfig;
  /** The child to start; asked anew for each start. `startCount` is 0 for the first. */
  spec(startCount: number): ChildSpec;
  /** Called for each start, before the child is ready. */
  onStarted?(child: ChildHandle): void;
  onState?(state: ServiceState): void;
  /** Given up: it failed too often. */
  onGivenUp?(error: AppError): void;
}

export interface SupervisedService {
  /** Starts the child; resolves with its port when it first serves, rejects when it cannot start. */
  start(): Promise<number>;
  readonly pid: number | undefined;
  /** Orders the child to stop, kills it after the timeout. No restart follows. */
  stop(): Promise<void>;
}

/** Keeps one child process running: readiness and proof of life by message, restart with back-off, an end in order. */
export function superviseService(deps: SupervisedServiceDeps): SupervisedService {
  const { clock, config, log } = deps;
  const firstReady = createDeferred<number>();
  firstReady.promise.catch(() => undefined);
  let child: ChildHandle | undefined;
  let isReadyOnce = false;
  let isStopping = false;
  let startCount = 0;
  let failureCount = 0;
  let restart: Disposable | undefined;
  let heartbeat: Heartbeat | undefined;
  let onStopped: (() => void) | undefined;

  const launch = (): void => {
    const spec = deps.spec(startCount++);
    const startedAtMs = clock.nowMs();
    const current = deps.starter.start(spec);
    child = current;
    deps.onStarted?.(current);
    const readyTimer = clock.setTimer(config.readyTimeoutMs, () => {
      log.warn("service not ready in time", { entry: spec.entry });
      current.kill({ force: true });
    });
    current.onMessage((message) => {
      const report = parseWith(ServiceReport, message);
      if (!report.ok) return;
      readyTimer.dispose();
      switch (report.value.type) {
        case "service-ready":
          heartbeat = watch(current, spec.entry);
          return ready(report.value.port);
        case "service-pong":
          return heartbeat?.answered();
        case "service-failed":
          return refuse(spec.entry, report.value.error);
      }
    });
    current.onExit((exit) => {
      readyTimer.dispose();
      heartbeat?.dispose();
      child = undefined;
      if (isStopping) return onStopped?.();
      const hasRunWell = clock.nowMs() - startedAtMs >= config.stableAfterMs;
      failureCount = hasRunWell ? 1 : failureCount + 1;
      log.warn("service exited", { entry: spec.entry, ...exit, failureCount });
      if (failureCount > (isReadyOnce ? config.maxRestarts : config.maxFirstRestarts)) return giveUp(spec.entry);
      deps.onState?.("restarting");
      const delayMs = Math.min(config.maxBackoffMs, config.backoffMs * 2 ** (failureCount - 1));
      restart = clock.setTimer(delayMs, launch);
    });
  };

  const ready = (port: number): void => {
    isReadyOnce = true;
    firstReady.resolve(port);
    deps.onState?.("ready");
  };

  const refuse = (entry: string, error: WireError): void => {
    log.error("service cannot start", { entry, error });
    if (isReadyOnce) return;
    isStopping = true;
    firstReady.reject(fromWireError(error));
  };

  const watch = (current: ChildHandle, entry: string): Heartbeat =>
    startHeartbeat({
      clock,
      intervalMs: config.heartbeatMs,
      maxMissed: config.maxMissedHeartbeats,
      ask: () => current.send({ type: "service-ping" } satisfies ServiceOrder),
      onFrozen: () => {
        log.warn("service does not answer any more", { entry });
        current.kill({ force: true });
      },
    });

  const giveUp = (entry: string): void => {
    const error = new AppError("child-failed", { detail: entry });
    firstReady.reject(error);
    deps.onState?.("given-up");
    deps.onGivenUp?.(error);
  };

  return {
    start() {
      launch();
      return firstReady.promise;
    },
    get pid() {
      return child?.pid;
    },
    async stop() {
      isStopping = true;
      restart?.dispose();
      heartbeat?.dispose();
      const current = child;
      if (current === undefined) return;
      const stopped = new Promise<void>((resolve) => (onStopped = resolve));
      current.send({ type: "service-stop" } satisfies ServiceOrder);
      const force = clock.setTimer(config.stopTimeoutMs, () => current.kill({ force: true }));
      await stopped;
      force.dispose();
    },
  };
}

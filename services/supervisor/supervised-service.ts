import { AppError, fromWireError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { ServiceReport, type ServiceOrder } from "#contracts/child/service";
import { createDeferred } from "#core/lifecycle/deferred";
import type { Disposable } from "#core/lifecycle/disposable";
import type { ChildHandle, ChildSpec, ChildStarter } from "#core/ports/child-process";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";

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
}

export const defaultSupervision: SupervisionConfig = {
  backoffMs: 100,
  maxBackoffMs: 5_000,
  stableAfterMs: 30_000,
  maxRestarts: 10,
  maxFirstRestarts: 2,
  readyTimeoutMs: 30_000,
  stopTimeoutMs: 2_500,
};

export interface SupervisedServiceDeps {
  starter: ChildStarter;
  clock: Clock;
  log: Logger;
  config: SupervisionConfig;
  /** The child to start; asked anew for each start. `startCount` is 0 for the first. */
  spec(startCount: number): ChildSpec;
  /** Called for each start, before the child is ready. */
  onStarted?(child: ChildHandle): void;
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

/** Keeps one child process running: readiness by message, restart with back-off, an end in order. */
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
      if (report.value.type === "service-ready") {
        isReadyOnce = true;
        firstReady.resolve(report.value.port);
        return;
      }
      log.error("service cannot start", { entry: spec.entry, error: report.value.error });
      if (!isReadyOnce) {
        isStopping = true;
        firstReady.reject(fromWireError(report.value.error));
      }
    });
    current.onExit((exit) => {
      readyTimer.dispose();
      child = undefined;
      if (isStopping) return onStopped?.();
      const hasRunWell = clock.nowMs() - startedAtMs >= config.stableAfterMs;
      failureCount = hasRunWell ? 1 : failureCount + 1;
      log.warn("service exited", { entry: spec.entry, ...exit, failureCount });
      if (failureCount > (isReadyOnce ? config.maxRestarts : config.maxFirstRestarts)) return giveUp(spec.entry);
      const delayMs = Math.min(config.maxBackoffMs, config.backoffMs * 2 ** (failureCount - 1));
      restart = clock.setTimer(delayMs, launch);
    });
  };

  const giveUp = (entry: string): void => {
    const error = new AppError("child-failed", { detail: entry });
    firstReady.reject(error);
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

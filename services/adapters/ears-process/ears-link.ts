import { EarsReply, type EarsRequest } from "#contracts/child/ears";
import { AppError, fromWireError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { createDeferred, type Deferred } from "#core/lifecycle/deferred";
import type { Disposable } from "#core/lifecycle/disposable";
import type { ChildHandle, ChildStarter } from "#core/ports/child-process";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";

export interface EarsRestartPolicy {
  /** Wait before the first restart; doubles with each failure in a row. Default 50. */
  firstBackoffMs: number;
  /** Default 2000. */
  maxBackoffMs: number;
  /** So many failures in a row, without a transcript or `stableAfterMs` between them, and it gives up. Default 6. */
  maxFailures: number;
  /** Ready for so long, and earlier failures are forgotten. Default 10 000. */
  stableAfterMs: number;
  /** After giving up, one more attempt each time so long. Default 15 000. */
  retryAfterMs: number;
  /** A child that has not loaded its model by then is killed. Default 30 000. */
  readyTimeoutMs: number;
  /** A child that has not ended so long after a stop is killed. Default 3000. */
  closeTimeoutMs: number;
}

export interface EarsLinkOptions {
  starter: ChildStarter;
  clock: Clock;
  log: Logger;
  policy: EarsRestartPolicy;
  onStateChange: (state: EarsState) => void;
  onReply: (reply: Extract<EarsReply, { requestId: number }>) => void;
  /** The child is gone; `wasReady`: it had been taking requests. Another one follows unless the state becomes failed. */
  onDown: (down: { wasReady: boolean }) => void;
}

export type EarsState = "starting" | "ready" | "waiting" | "failed" | "closed";

type LinkState =
  | { type: "starting"; child: ChildHandle; timer: Disposable }
  | { type: "ready"; child: ChildHandle; readyAtMs: number }
  /** Between an exit and the next start. */
  | { type: "waiting"; timer: Disposable }
  /** Given up, for good without a timer. */
  | { type: "failed"; error: AppError; timer: Disposable | undefined }
  | { type: "closed"; child: ChildHandle | undefined };

/** Keeps one ears child running: starts it, restarts it with growing waits, gives up, tries again, ends it. */
export class EarsLink {
  readonly #options: EarsLinkOptions;
  readonly #closed: Deferred<void> = createDeferred();
  #state: LinkState = { type: "closed", child: undefined };
  #failureCount = 0;
  #fatalError: AppError | undefined;

  constructor(options: EarsLinkOptions) {
    this.#options = options;
  }

  get state(): EarsState {
    return this.#state.type;
  }

  /** Why there are no ears at present; undefined while there are, or will be in a moment. */
  get failure(): AppError | undefined {
    return this.#state.type === "failed" ? this.#state.error : undefined;
  }

  start(): void {
    const { starter, clock, log, policy } = this.#options;
    const child = starter.start({ entry: "ears", args: [] });
    const timer = clock.setTimer(policy.readyTimeoutMs, () => {
      log.warn("ears did not become ready", { childPid: child.pid });
      child.kill({ force: true });
    });
    child.onMessage((message) => this.#receive(child, message));
    child.onExit((exit) => this.#exited(child, exit));
    this.#enter({ type: "starting", child, timer });
  }

  /** Ignored while there is no ready child: what matters is sent again when there is one. */
  send(request: EarsRequest): void {
    if (this.#state.type === "ready") this.#state.child.send(request);
  }

  /** Ends a child that no longer answers; another one follows. */
  killWedged(): void {
    if (this.#state.type === "ready") this.#state.child.kill({ force: true });
  }

  /** The child did useful work, so its earlier failures were no pattern. */
  noteProgress(): void {
    this.#failureCount = 0;
  }

  close(): Promise<void> {
    const state = this.#state;
    if (state.type === "closed") return this.#closed.promise;
    if (state.type !== "ready") state.timer?.dispose();
    const child = state.type === "ready" || state.type === "starting" ? state.child : undefined;
    this.#enter({ type: "closed", child });
    if (child === undefined) this.#closed.resolve();
    else this.#stop(child);
    return this.#closed.promise;
  }

  #stop(child: ChildHandle): void {
    const timer = this.#options.clock.setTimer(this.#options.policy.closeTimeoutMs, () => {
      this.#options.log.warn("ears did not stop in time", { childPid: child.pid });
      child.kill({ force: true });
    });
    void this.#closed.promise.then(() => timer.dispose());
    child.send({ type: "stop" } satisfies EarsRequest);
  }

  #enter(state: LinkState): void {
    this.#state = state;
    this.#options.onStateChange(state.type);
  }

  #receive(child: ChildHandle, message: unknown): void {
    const state = this.#state;
    if ((state.type !== "starting" && state.type !== "ready") || state.child !== child) return;
    const parsed = parseWith(EarsReply, message);
    if (!parsed.ok) return this.#options.log.warn("ears sent a bad message", { issues: parsed.issues });
    const reply = parsed.value;
    switch (reply.type) {
      case "ready":
        if (state.type === "starting") this.#becomeReady(state);
        return;
      case "fatal":
        this.#fatalError = fromWireError(reply.error);
        return;
      case "transcript":
      case "failed":
        return this.#options.onReply(reply);
    }
  }

  #becomeReady(state: Extract<LinkState, { type: "starting" }>): void {
    state.timer.dispose();
    this.#options.log.info("ears are ready", { childPid: state.child.pid });
    this.#enter({ type: "ready", child: state.child, readyAtMs: this.#options.clock.nowMs() });
  }

  #exited(child: ChildHandle, exit: { code: number | null; signal: string | null }): void {
    const state = this.#state;
    if (state.type === "closed") return this.#closed.resolve();
    if (state.type !== "starting" && state.type !== "ready") return;
    if (state.type === "starting") state.timer.dispose();
    const wasReady = state.type === "ready";
    if (state.type === "ready" && this.#options.clock.nowMs() - state.readyAtMs >= this.#options.policy.stableAfterMs)
      this.#failureCount = 0;
    this.#failureCount++;
    this.#options.log.warn("ears ended unexpectedly", {
      childPid: child.pid,
      ...exit,
      failureCount: this.#failureCount,
    });
    this.#recover();
    this.#options.onDown({ wasReady });
  }

  #recover(): void {
    const { clock, policy, log } = this.#options;
    const restart = (delayMs: number): Disposable => clock.setTimer(delayMs, () => this.start());
    if (this.#fatalError !== undefined && !this.#fatalError.retryable) {
      log.error("ears cannot start", { code: this.#fatalError.code });
      return this.#enter({ type: "failed", error: this.#fatalError, timer: undefined });
    }
    if (this.#failureCount >= policy.maxFailures) {
      log.error("ears keep failing", { failureCount: this.#failureCount, retryAfterMs: policy.retryAfterMs });
      return this.#enter({
        type: "failed",
        error: new AppError("ears-unavailable"),
        timer: restart(policy.retryAfterMs),
      });
    }
    const backoffMs = Math.min(policy.maxBackoffMs, policy.firstBackoffMs * 2 ** (this.#failureCount - 1));
    this.#enter({ type: "waiting", timer: restart(backoffMs) });
  }
}

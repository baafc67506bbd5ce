import { AppError, type ErrorCode } from "#contracts/errors";
import { createDeferred } from "#core/lifecycle/deferred";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";

/**
 * One call of the endpoint with everything that can stop it: the owner's signal and a time limit that moves with the
 * answer. Stopping aborts the request's socket, and ends `race` at once even if the request does not notice.
 */
export class TimedCall implements Disposable {
  readonly #clock: Clock;
  readonly #owner: AbortSignal;
  readonly #abort = new AbortController();
  readonly #stopped = createDeferred<never>();
  readonly #onOwnerAbort = (): void => this.#stop("cancelled");
  #timer: Disposable | undefined;

  constructor(options: { clock: Clock; signal: AbortSignal }) {
    this.#clock = options.clock;
    this.#owner = options.signal;
    // Nobody may be racing when it is stopped.
    this.#stopped.promise.catch(() => undefined);
    if (this.#owner.aborted) this.#stop("cancelled");
    else this.#owner.addEventListener("abort", this.#onOwnerAbort, { once: true });
  }

  /** For the request. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Replaces the time limit: unless it is moved again, the call ends with `code` after `timeoutMs`. */
  limit(timeoutMs: number, code: ErrorCode): void {
    this.#timer?.dispose();
    if (!this.#abort.signal.aborted) this.#timer = this.#clock.setTimer(timeoutMs, () => this.#stop(code));
  }

  unlimit(): void {
    this.#timer?.dispose();
  }

  /** The promise, unless the call is stopped before; then rejects with the reason. */
  race<T>(promise: PromiseLike<T>): Promise<T> {
    return Promise.race([this.#stopped.promise, promise]);
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#owner.removeEventListener("abort", this.#onOwnerAbort);
    this.#abort.abort();
  }

  #stop(code: ErrorCode): void {
    this.#stopped.reject(new AppError(code));
    this.dispose();
  }
}

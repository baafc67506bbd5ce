import { type AppError } from "../../contracts/errors";
import type { Clock } from "../ports/clock";
import { createDeferred, type Deferred } from "./deferred";

/** Calls to another process that wait for their answers, tied by number. Each ends: by its answer, in time, or with all. */
export class PendingCalls {
  readonly #options: { clock: Clock; timeoutMs: number };
  readonly #waiting = new Map<number, Deferred<unknown>>();
  #lastRequestId = 0;
  #ended: AppError | undefined;

  constructor(options: { clock: Clock; timeoutMs: number }) {
    this.#options = options;
  }

  /** `send` posts the request. `lateError`: what it fails with when no answer comes in time. */
  async make(send: (requestId: number) => void, lateError: () => AppError): Promise<unknown> {
    if (this.#ended !== undefined) throw this.#ended;
    const requestId = ++this.#lastRequestId;
    const answered = createDeferred<unknown>();
    this.#waiting.set(requestId, answered);
    const timer = this.#options.clock.setTimer(this.#options.timeoutMs, () => answered.reject(lateError()));
    send(requestId);
    try {
      return await answered.promise;
    } finally {
      timer.dispose();
      this.#waiting.delete(requestId);
    }
  }

  /** An answer to nobody is ignored. */
  resolve(requestId: number, value: unknown): void {
    this.#waiting.get(requestId)?.resolve(value);
  }

  reject(requestId: number, error: AppError): void {
    this.#waiting.get(requestId)?.reject(error);
  }

  /** Those that wait fail with this, later ones at once. The first reason stays. */
  endAll(error: AppError): void {
    this.#ended ??= error;
    for (const answered of this.#waiting.values()) answered.reject(this.#ended);
    this.#waiting.clear();
  }
}

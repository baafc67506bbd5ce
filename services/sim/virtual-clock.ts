import { AppError } from "#contracts/errors";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";

interface Due {
  atMs: number;
  order: number;
  intervalMs: number | undefined;
  callback: () => void;
}

/** Not 0, so that an instant is never mistaken for "not yet". */
const START_MS = 1_000;

/**
 * A clock that moves on by itself, to the next timer, whenever nothing is left to be done at the present instant.
 * Work that needs real time (a model, a thread) is given to `hold`: the clock stands still until it is done.
 * Everything else must be promises and timers of this clock; then the order of events does not depend on real time.
 */
export class VirtualClock implements Clock {
  readonly #startWallMs: number;
  #nowMs = START_MS;
  #order = 0;
  readonly #due = new Set<Due>();
  #heldCount = 0;
  /** Held work is done one after the other, in the order asked for. */
  #held: Promise<unknown> = Promise.resolve();

  constructor(options: { wallTime: Date }) {
    this.#startWallMs = options.wallTime.getTime();
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallTime(): Date {
    return new Date(this.#startWallMs + this.#nowMs - START_MS);
  }

  setTimer(delayMs: number, callback: () => void): Disposable {
    return this.#add({ delayMs, intervalMs: undefined, callback });
  }

  setRepeating(intervalMs: number, callback: () => void): Disposable {
    return this.#add({ delayMs: intervalMs, intervalMs, callback });
  }

  /** Does work that takes no time on this clock. */
  hold<T>(work: () => Promise<T>): Promise<T> {
    this.#heldCount++;
    const result = this.#held.then(work);
    const done = (): void => void this.#heldCount--;
    this.#held = result.then(done, done);
    return result;
  }

  /**
   * Lets time pass until `goal` has settled, and gives its result. Rejects with `internal` when nothing is left that
   * could settle it. One at a time.
   */
  async runUntil<T>(goal: Promise<T>): Promise<T> {
    let isSettled = false;
    const settle = (): void => void (isSettled = true);
    goal.then(settle, settle);
    for (;;) {
      await this.#finishInstant();
      if (isSettled) return goal;
      const next = this.#next();
      if (next === undefined) throw new AppError("internal", { detail: "the virtual clock has nothing to wait for" });
      this.#fire(next);
    }
  }

  /** All promises that can settle have settled, and all held work is done. */
  async #finishInstant(): Promise<void> {
    do {
      await this.#held;
      await new Promise<void>((resolve) => setImmediate(resolve));
    } while (this.#heldCount > 0);
  }

  #next(): Due | undefined {
    let next: Due | undefined;
    for (const due of this.#due) {
      if (next === undefined || due.atMs < next.atMs || (due.atMs === next.atMs && due.order < next.order)) next = due;
    }
    return next;
  }

  #fire(due: Due): void {
    this.#nowMs = Math.max(this.#nowMs, due.atMs);
    if (due.intervalMs === undefined) this.#due.delete(due);
    else due.atMs += due.intervalMs;
    due.callback();
  }

  #add({ delayMs, intervalMs, callback }: { delayMs: number } & Pick<Due, "intervalMs" | "callback">): Disposable {
    const due: Due = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, intervalMs, callback };
    this.#due.add(due);
    return { dispose: () => void this.#due.delete(due) };
  }
}

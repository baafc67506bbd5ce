import type { Clock } from "#core/ports/clock";
import type { Disposable } from "#core/lifecycle/disposable";

interface Due {
  atMs: number;
  order: number;
  intervalMs: number | undefined;
  callback: () => void;
}

/** A clock that stands still until told otherwise; timers fire in order while it advances. */
export class FakeClock implements Clock {
  #nowMs: number;
  #order = 0;
  #due: Due[] = [];
  readonly #startWallMs: number;
  readonly #startMs: number;

  constructor(options: { nowMs?: number; wallTime?: Date } = {}) {
    this.#nowMs = options.nowMs ?? 1_000;
    this.#startMs = this.#nowMs;
    this.#startWallMs = (options.wallTime ?? new Date("2026-03-02T10:15:00Z")).getTime();
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallTime(): Date {
    return new Date(this.#startWallMs + this.#nowMs - this.#startMs);
  }

  setTimer(delayMs: number, callback: () => void): Disposable {
    return this.#add(delayMs, undefined, callback);
  }

  setRepeating(intervalMs: number, callback: () => void): Disposable {
    return this.#add(intervalMs, intervalMs, callback);
  }

  /** Moves time on, firing what falls due. Synchronous: promises settle only when the caller awaits. */
  advanceMs(durationMs: number): void {
    const endMs = this.#nowMs + durationMs;
    for (;;) {
      const next = this.#due.filter((due) => due.atMs <= endMs).sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
      if (next === undefined) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      if (next.intervalMs === undefined) this.#due = this.#due.filter((due) => due !== next);
      else next.atMs += next.intervalMs;
      next.callback();
    }
    this.#nowMs = endMs;
  }

  /** How many timers are still set: 0 after everything was ended. */
  get pendingCount(): number {
    return this.#due.length;
  }

  #add(delayMs: number, intervalMs: number | undefined, callback: () => void): Disposable {
    const due: Due = { atMs: this.#nowMs + delayMs, order: this.#order++, intervalMs, callback };
    this.#due.push(due);
    return { dispose: () => void (this.#due = this.#due.filter((other) => other !== due)) };
  }
}

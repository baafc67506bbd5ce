import type { Disposable } from "../lifecycle/disposable";

/** Time as a dependency. Instants are monotonic ms; they mean nothing outside this process. */
export interface Clock {
  nowMs(): number;
  /** Wall-clock time, for people and for the brain only. */
  wallTime(): Date;
  /** Calls back once after `delayMs`; disposing before that prevents it. */
  setTimer(delayMs: number, callback: () => void): Disposable;
  /** Calls back every `intervalMs` until disposed. */
  setRepeating(intervalMs: number, callback: () => void): Disposable;
}

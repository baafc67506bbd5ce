import type { Clock } from "../ports/clock";
import { AppError } from "#contracts/errors";

/** Resolves after `delayMs` on the clock; rejects with `cancelled` as soon as the signal aborts. Leaves no timer behind. */
export function sleep(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new AppError("cancelled"));
      return;
    }
    const onAbort = (): void => {
      timer.dispose();
      reject(new AppError("cancelled"));
    };
    const timer = clock.setTimer(delayMs, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

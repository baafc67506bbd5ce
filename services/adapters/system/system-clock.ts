import type { Clock } from "#core/ports/clock";

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallTime: () => new Date(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return { dispose: () => clearTimeout(timer) };
  },
  setRepeating(intervalMs, callback) {
    const timer = setInterval(callback, intervalMs);
    return { dispose: () => clearInterval(timer) };
  },
};

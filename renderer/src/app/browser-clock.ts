import type { Clock } from "#core/ports/clock";

export const browserClock: Clock = {
  nowMs: () => performance.now(),
  wallTime: () => new Date(),
  setTimer(delayMs, callback) {
    const timer = window.setTimeout(callback, delayMs);
    return { dispose: () => window.clearTimeout(timer) };
  },
  setRepeating(intervalMs, callback) {
    const timer = window.setInterval(callback, intervalMs);
    return { dispose: () => window.clearInterval(timer) };
  },
};

import { expect, it } from "vitest";
import type { Clock } from "#core/ports/clock";
import { repeatSteadily } from "./repeat-steadily";

it("a late time does not put off the next one", () => {
  const timers: { delayMs: number; callback: () => void }[] = [];
  let nowMs = 100;
  const clock: Clock = {
    nowMs: () => nowMs,
    wallTime: () => new Date(0),
    setTimer(delayMs, callback) {
      timers.push({ delayMs, callback });
      return { dispose: () => undefined };
    },
    setRepeating: () => ({ dispose: () => undefined }),
  };
  let count = 0;
  repeatSteadily(clock, 20, () => count++);
  const delaysMs = [0, 7, 45, 0].map((lateMs) => {
    const timer = timers.shift();
    nowMs += (timer?.delayMs ?? 0) + lateMs;
    timer?.callback();
    return timer?.delayMs;
  });
  expect(delaysMs).toEqual([20, 20, 13, 0]);
  expect(count).toBe(4);
});

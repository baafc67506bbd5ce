import { systemClock } from "#adapters/system/system-clock";
import type { Disposable } from "#core/lifecycle/disposable";

/** Runs for 10 ms, stands still for 20 ms: a third of the speed. */
const RUN_MS = 10;
const PERIOD_MS = 30;

/** Slows a process down to a third by stopping and continuing it; disposing gives it its full speed again. */
export function throttleToAThird(pid: () => number | undefined): Disposable {
  const signal = (name: "SIGSTOP" | "SIGCONT"): void => {
    const target = pid();
    if (target === undefined) return;
    try {
      process.kill(target, name);
    } catch {
      // It has ended.
    }
  };
  let pause: Disposable | undefined;
  const cycle = (): void => {
    signal("SIGCONT");
    pause = systemClock.setTimer(RUN_MS, () => signal("SIGSTOP"));
  };
  cycle();
  const timer = systemClock.setRepeating(PERIOD_MS, cycle);
  return {
    dispose() {
      timer.dispose();
      pause?.dispose();
      signal("SIGCONT");
    },
  };
}

import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";

/**
 * Acts every `intervalMs` like a sound card: a late time does not put off the next one. Node's intervals of one length fall into
 * step with each other for good as soon as the process was busy once, which no two microphones do.
 */
export function repeatSteadily(clock: Clock, intervalMs: number, act: () => void): Disposable {
  let dueAtMs = clock.nowMs();
  let timer: Disposable;
  const wait = (): void => {
    dueAtMs += intervalMs;
    timer = clock.setTimer(Math.max(0, dueAtMs - clock.nowMs()), () => {
      wait();
      act();
    });
  };
  wait();
  return { dispose: () => timer.dispose() };
}

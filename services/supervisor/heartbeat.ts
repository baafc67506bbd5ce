import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";

export interface HeartbeatOptions {
  clock: Clock;
  intervalMs: number;
  /** So many questions in a row without an answer, and it counts as frozen. */
  maxMissed: number;
  ask(): void;
  onFrozen(): void;
}

export interface Heartbeat extends Disposable {
  answered(): void;
}

/**
 * Asks over and over whether somebody is still there. Unanswered questions count, not the time that passed: after the
 * computer has slept only one can be open, and nobody is taken for frozen.
 */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { clock, intervalMs, maxMissed, ask, onFrozen } = options;
  let missedCount = 0;
  ask();
  const timer = clock.setRepeating(intervalMs, () => {
    missedCount += 1;
    if (missedCount < maxMissed) return ask();
    timer.dispose();
    onFrozen();
  });
  return { answered: () => void (missedCount = 0), dispose: () => timer.dispose() };
}

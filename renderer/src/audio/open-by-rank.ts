import type { Clock } from "#core/ports/clock";

export interface OpenByRankOptions<C, T> {
  clock: Clock;
  /** Before each round; the first is usually 0. As many rounds as there are waits. */
  waitsMs: readonly number[];
  /** Asked anew in every round, the best first. */
  candidates(round: number): readonly C[] | Promise<readonly C[]>;
  open(candidate: C): Promise<T>;
  /** Nobody waits for it any more. */
  isOver(): boolean;
}

/** Opens the best device that can be opened; undefined when none could, or nobody waits any more. */
export async function openByRank<C, T>(
  options: OpenByRankOptions<C, T>,
): Promise<{ candidate: C; opened: T } | undefined> {
  for (const [round, waitMs] of options.waitsMs.entries()) {
    if (waitMs > 0) await new Promise<void>((resolve) => options.clock.setTimer(waitMs, resolve));
    if (options.isOver()) return undefined;
    for (const candidate of await options.candidates(round)) {
      if (options.isOver()) return undefined;
      try {
        return { candidate, opened: await options.open(candidate) };
      } catch {
        // The next one, or this one again after a while: devices need a moment after they were plugged.
      }
    }
  }
  return undefined;
}

import type { Logger } from "#core/ports/logger";

/** Goes on behind a service's readiness, a few milliseconds at a time. Failing, it costs nothing but its gain. */
export function startWarmUp(warmUp: (signal: AbortSignal) => Promise<void>, log: Logger): { stop(): Promise<void> } {
  const stopped = new AbortController();
  const ended = warmUp(stopped.signal).catch((error: unknown) =>
    log.warn("the warm-up failed; what comes first takes longer", { error }),
  );
  return {
    stop: () => {
      stopped.abort();
      return ended;
    },
  };
}

import type { Clock } from "../ports/clock";
import type { Disposable } from "../lifecycle/disposable";
import type { FleetView, FleetWatch, WorkerRegistry, WorkerSnapshot } from "../ports/worker-registry";

const POLL_MS = 2_000;
/** While no worker is known, so that the first one is seen at once. */
const EAGER_POLL_MS = 100;

/** Follows the fleet: by the registry's own events, or by reading its list every 2 s where it has none. */
export function watchFleet(registry: WorkerRegistry, clock: Clock, listener: (view: FleetView) => void): FleetWatch {
  return registry.watch?.(listener) ?? pollFleet(registry, clock, listener);
}

function pollFleet(registry: WorkerRegistry, clock: Clock, listener: (view: FleetView) => void): FleetWatch {
  let workers: readonly WorkerSnapshot[] = [];
  let seenAtMs = clock.nowMs();
  let timer: Disposable | undefined;
  let isDisposed = false;
  const refresh = async (): Promise<void> => {
    let error: unknown;
    try {
      workers = await registry.list();
      seenAtMs = clock.nowMs();
    } catch (reason) {
      error = reason;
    }
    if (isDisposed) return;
    listener({ workers, seenAtMs, error, isSettled: true });
    schedule();
  };
  const schedule = (): void => {
    timer?.dispose();
    const isAnyReady = workers.some(({ isLive, state }) => isLive && state === "ready");
    timer = clock.setTimer(isAnyReady ? POLL_MS : EAGER_POLL_MS, () => void refresh());
  };
  schedule();
  return {
    refresh,
    dispose() {
      isDisposed = true;
      timer?.dispose();
    },
  };
}

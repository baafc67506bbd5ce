import { AppError } from "#contracts/errors";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import type { Lease, LeaseRequest, WorkerRegistry } from "#core/ports/worker-registry";

export interface HeldLease {
  readonly lease: Lease;
  /** Stops renewing and gives the slot back; never throws. */
  release(): Promise<void>;
  /** Stops renewing and leaves the slot taken until it expires: a worker that was lost is not to be chosen next. */
  abandon(): void;
}

export interface HoldLeaseDeps {
  registry: WorkerRegistry;
  clock: Clock;
  log: Logger;
}

/**
 * Takes a lease and renews it at a third of its time until released.
 * Throws `no-worker`, `worker-at-capacity`, or the registry's own error.
 */
export async function holdLease(deps: HoldLeaseDeps, request: LeaseRequest): Promise<HeldLease> {
  const { registry, clock, log } = deps;
  const outcome = await registry.lease(request);
  if (outcome.type === "none") throw new AppError(outcome.reason);
  const { lease } = outcome;
  const renewal = clock.setRepeating(lease.ttlMs / 3, () => {
    registry.renew(lease).then(
      (update) => {
        if (update !== "ok") log.warn("lease not renewed", { update, worker: lease.worker.name });
      },
      (error: unknown) => log.warn("lease not renewed", { error, worker: lease.worker.name }),
    );
  });
  return {
    lease,
    abandon: () => renewal.dispose(),
    async release() {
      renewal.dispose();
      try {
        await registry.release(lease);
      } catch (error) {
        log.warn("lease not released; it expires by itself", { error, worker: lease.worker.name });
      }
    },
  };
}

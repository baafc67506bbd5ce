import type { WorkerRegistry } from "#core/ports/worker-registry";

export interface LeaseWatch {
  /** The same registry; leases taken through it are seen. */
  registry: WorkerRegistry;
  /** Names of the workers with a lease from here, in order. */
  leasedWorkers(): string[];
}

/** Tells which workers speak for this orchestrator right now, without asking the registry. */
export function watchLeases(inner: WorkerRegistry): LeaseWatch {
  const held = new Map<string, string>();
  return {
    leasedWorkers: () => [...new Set(held.values())].sort(),
    registry: {
      get origin() {
        return inner.origin;
      },
      register: (request) => inner.register(request),
      beat: (registration, beat) => inner.beat(registration, beat),
      unregister: (registration) => inner.unregister(registration),
      renew: (lease) => inner.renew(lease),
      setDesiredState: (name, state) => inner.setDesiredState(name, state),
      list: () => inner.list(),
      close: () => inner.close(),
      async lease(request) {
        const outcome = await inner.lease(request);
        if (outcome.type === "granted") held.set(request.requestId, outcome.lease.worker.name);
        return outcome;
      },
      release(lease) {
        held.delete(lease.requestId);
        return inner.release(lease);
      },
    },
  };
}

import { createDeferred } from "../lifecycle/deferred";
import type { Clock } from "../ports/clock";
import type { Logger } from "../ports/logger";
import type { LeaseOutcome, LeaseRequest, WorkerRegistry, WorkerSnapshot } from "../ports/worker-registry";

export interface OutageLeasesDeps {
  clock: Clock;
  log: Logger;
  /** What was last known of the fleet. */
  workers(): readonly WorkerSnapshot[];
  /** False while the registry may not know all workers yet. */
  isSettled(): boolean;
  /** Reads the list now, which `workers` and `isSettled` tell of afterwards. Never rejects. */
  look(): Promise<void>;
  onOwnLease(): void;
}

/** A healthy registry answers within 5 ms. A user who waits for an answer would notice much more than this. */
const PATIENCE_MS = 300;

type Asked<T> = { type: "answered"; outcome: T } | { type: "failed"; error: unknown } | { type: "late" };

/**
 * Conversations outlive the registry: while it is away, silent, or has not seen its workers again yet, a lease is granted
 * here, on a worker of the last list. Workers refuse what is beyond their capacity by themselves. Rules RG60 to RG62.
 */
export function leaseThroughOutages(inner: WorkerRegistry, deps: OutageLeasesDeps): WorkerRegistry {
  /** Until when each holds, by its token: one that was abandoned is forgotten. */
  const own = new Map<number, number>();
  let lastToken = 0;

  const ask = async <T>(asked: Promise<T>): Promise<Asked<T>> => {
    const answer = asked.then(
      (outcome): Asked<T> => ({ type: "answered", outcome }),
      (error: unknown): Asked<T> => ({ type: "failed", error }),
    );
    const late = createDeferred<Asked<T>>();
    const timer = deps.clock.setTimer(PATIENCE_MS, () => late.resolve({ type: "late" }));
    const first = await Promise.race([answer, late.promise]);
    timer.dispose();
    return first;
  };
  const grant = (request: LeaseRequest, worker: WorkerSnapshot): LeaseOutcome => {
    // Generations and tokens come from one counter.
    lastToken = Math.max(lastToken, worker.generation) + 1;
    const nowMs = deps.clock.nowMs();
    for (const [token, untilMs] of own) if (untilMs < nowMs) own.delete(token);
    own.set(lastToken, nowMs + request.ttlMs);
    deps.log.warn("a worker was leased without the registry", { worker: worker.name });
    deps.onOwnLease();
    const { requestId, ttlMs } = request;
    return {
      type: "granted",
      lease: { requestId, worker: worker.info, generation: worker.generation, fencingToken: lastToken, ttlMs },
    };
  };

  return {
    get origin() {
      return inner.origin;
    },
    register: (request) => inner.register(request),
    beat: (registration, beat) => inner.beat(registration, beat),
    unregister: (registration) => inner.unregister(registration),
    setDesiredState: (name, state) => inner.setDesiredState(name, state),
    list: () => inner.list(),
    close: () => inner.close(),
    async lease(request) {
      const asked = inner.lease(request);
      const worker = chooseWorker(deps.workers(), request);
      if (worker === undefined) return note(await asked);
      const answer = await ask(asked);
      switch (answer.type) {
        case "answered": {
          const { outcome } = answer;
          const isDoubtful = outcome.type === "none" && outcome.reason === "no-worker" && (await mayBeWrong());
          const known = isDoubtful ? chooseWorker(deps.workers(), request) : undefined;
          return known === undefined ? note(outcome) : grant(request, known);
        }
        case "late":
          giveBack(asked);
          return grant(request, worker);
        case "failed":
          return grant(request, worker);
      }
    },
    renew(lease) {
      if (!own.has(lease.fencingToken)) return inner.renew(lease);
      own.set(lease.fencingToken, deps.clock.nowMs() + lease.ttlMs);
      return Promise.resolve("ok");
    },
    release: (lease) => (own.delete(lease.fencingToken) ? Promise.resolve("ok") : inner.release(lease)),
  };

  /** A registry that has just lost its data answers sooner than the loss is seen. */
  async function mayBeWrong(): Promise<boolean> {
    if (!deps.isSettled()) return true;
    const { type } = await ask(deps.look());
    return type === "late" || !deps.isSettled();
  }

  /** Tokens of our own go on from the highest one seen, so that workers take them. */
  function note(outcome: LeaseOutcome): LeaseOutcome {
    if (outcome.type === "granted") lastToken = Math.max(lastToken, outcome.lease.fencingToken);
    return outcome;
  }

  function giveBack(asked: Promise<LeaseOutcome>): void {
    asked
      .then((outcome) => (outcome.type === "granted" ? inner.release(outcome.lease) : undefined))
      .catch((error: unknown) => deps.log.debug("a late lease was not granted", { error }));
  }
}

/** The best of those that the router named, else the least loaded; one that seems full may have a free slot again. */
function chooseWorker(workers: readonly WorkerSnapshot[], request: LeaseRequest): WorkerSnapshot | undefined {
  const { voice, preferred = [], exclude = [] } = request;
  const able = workers.filter(
    ({ name, isLive, state, info }) =>
      isLive && state === "ready" && info.voices.includes(voice) && !exclude.includes(name),
  );
  for (const name of preferred) {
    const found = able.find((worker) => worker.name === name);
    if (found !== undefined) return found;
  }
  return able.toSorted((a, b) => a.inUse / a.capacity - b.inUse / b.capacity)[0];
}

import type { FleetSnapshot, FleetWorker, RedisSnapshot } from "#contracts/protocol/admin";
import type { Disposable } from "#core/lifecycle/disposable";
import { toProblem, type AdminPort, type Problem } from "../../ui/admin-port";

export interface WorkerStatus {
  /** Undefined until it is registered. */
  worker: FleetWorker | undefined;
  redis: RedisSnapshot | undefined;
  /** The registry cannot be read. */
  fleetProblem: Problem | undefined;
  problem: Problem | undefined;
}

/** The worker of this computer, for its screen and for the tray. */
export class WorkerStatusStore {
  readonly #admin: AdminPort;
  readonly #listeners = new Set<() => void>();
  #status: WorkerStatus = { worker: undefined, redis: undefined, fleetProblem: undefined, problem: undefined };
  #watching: Disposable | undefined;

  constructor(admin: AdminPort) {
    this.#admin = admin;
  }

  readonly getStatus = (): WorkerStatus => this.#status;

  /** News are asked for while someone listens. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#watching ??= this.#admin.watch(["fleet", "redis"], (news) => {
      if (news.type === "redis") this.#update({ redis: news.redis });
      else this.#update({ worker: ownWorker(news.fleet), fleetProblem: news.fleet.error });
    });
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#watching?.dispose();
      this.#watching = undefined;
    };
  };

  async setDraining(isDraining: boolean): Promise<void> {
    const name = this.#status.worker?.name;
    if (name === undefined) return;
    try {
      await this.#admin.call(isDraining ? "worker-drain" : "worker-undrain", { name });
      this.#update({ problem: undefined });
    } catch (error) {
      this.#update({ problem: toProblem(error) });
    }
  }

  #update(changes: Partial<WorkerStatus>): void {
    this.#status = { ...this.#status, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

function ownWorker({ workers, ownWorker: name }: FleetSnapshot): FleetWorker | undefined {
  return workers.find((worker) => worker.name === name);
}

/** In one line, for the tray. */
export function workerWords({ worker }: Pick<WorkerStatus, "worker">): string {
  if (worker === undefined) return "Worker is starting";
  const places = `${worker.inUse} of ${worker.capacity} in use`;
  return worker.state === "draining" ? `Worker takes nothing new, ${places}` : `Worker serves others, ${places}`;
}

/** Only programs of this computer can reach such an address. */
export function isOwnComputerOnly(address: string): boolean {
  return /^(127\.|localhost:|\[::1\])/.test(address);
}

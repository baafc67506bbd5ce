import { assertNever } from "#core/lifecycle/assert-never";
import { broken, ok, type Check, type Found } from "../check";
import type { Probes, WorkerAddress, WorkerAnswer } from "../probes";

/** Others are let through unasked, so that a big fleet is not called by everybody who looks. */
const MAX_ASKED = 16;

export function checkWorkers({ workers, tryWorker }: Pick<Probes, "workers" | "tryWorker">): Check {
  return {
    name: "workers",
    async run() {
      // A Redis that cannot be asked is told by its own check.
      const all = await workers().catch(() => undefined);
      if (all === undefined) return [];
      if (all.length === 0) return ok("No worker is registered; `parley start` brings its own.");
      const asked = all.slice(0, MAX_ASKED);
      const found = await Promise.all(asked.map(async (worker) => judge(worker, await tryWorker(worker))));
      const bad = found.filter((each) => each !== undefined);
      const goodCount = found.length - bad.length;
      return [...(goodCount === 0 ? [] : [ok(`${goodCount} of ${asked.length} workers answer.`)]), ...bad];
    },
  };
}

function judge({ name, address, isForeign }: WorkerAddress, answer: WorkerAnswer): Found | undefined {
  const where = name === address ? `The worker at ${address}` : `The worker ${name} at ${address}`;
  const mend = isForeign ? "correct foreign.workers in configs/orchestrator.yaml" : `parley workers drain ${name}`;
  switch (answer.type) {
    case "answers":
      return undefined;
    case "unreachable":
      return broken(
        `${where} cannot be reached: ${answer.reason}.`,
        `start it with: parley worker --advertise ${address}; or ${mend}`,
      );
    case "not-grpc":
      return broken(
        `What listens at ${address} is no worker: it does not speak gRPC.`,
        `nc -vz ${hostPort(address)}; ${mend}`,
      );
    case "refuses":
      return broken(`${where} refuses: ${answer.words}`, answer.action);
    default:
      return assertNever(answer);
  }
}

function hostPort(address: string): string {
  const at = address.lastIndexOf(":");
  return `${address.slice(0, at)} ${address.slice(at + 1)}`;
}

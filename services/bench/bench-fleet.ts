import { systemClock } from "#adapters/system/system-clock";
import type { WorkerRegistry } from "#core/ports/worker-registry";
import { createWorkerIdentity } from "#host/worker-identity";
import { defaultSupervision, superviseService, type SupervisedService } from "#supervisor/supervised-service";
import { connectHolder, nodeChildren } from "../bin/fleet";
import { withOwnHost, type OwnHost, type OwnHostOptions } from "../bin/own-host";
import type { BenchmarkContext } from "./benchmark";

export interface BenchWorker {
  name: string;
  /** Undefined while it is being restarted. */
  pid(): number | undefined;
}

export interface BenchFleet {
  host: OwnHost;
  registry: WorkerRegistry;
  /** All of them, the host's own first when there is one. */
  workers: readonly BenchWorker[];
}

export interface BenchFleetOptions extends OwnHostOptions {
  context: BenchmarkContext;
  workerCount: number;
  /**
   * Whether one of them is the host's own, default true. Its supervisor waits longer after each death and gives up after ten,
   * as it should, so whoever kills workers all the time does without.
   */
  hasOwnWorker?: boolean;
}

/** A whole Parley with `workerCount` speech workers, each a supervised process, for as long as `use` runs. */
export async function withFleet<T>(
  { context, workerCount, hasOwnWorker = true, ...options }: BenchFleetOptions,
  use: (fleet: BenchFleet) => Promise<T>,
): Promise<T> {
  const run = async (host: OwnHost): Promise<T> => {
    const { holder } = host.started;
    if (holder.inProcess !== undefined) throw new Error("there is no redis-server, and workers of their own need one");
    const registry = await connectHolder(holder, context.log);
    const [own] = (await registry.list()).map(({ name }) => name);
    const more = Array.from({ length: hasOwnWorker ? workerCount - 1 : workerCount }, () =>
      startWorker(context, { registryEnv: holder.childEnv, args: options.workerArgs ?? [] }),
    );
    try {
      await Promise.all(more.map(({ service }) => service.start()));
      if (!hasOwnWorker) await host.started.host.useWorker(false);
      return await use({
        host,
        registry,
        workers: [
          ...(hasOwnWorker ? [{ name: own ?? "", pid: () => host.started.host.pids.worker }] : []),
          ...more.map(({ name, service }) => ({ name, pid: () => service.pid })),
        ],
      });
    } finally {
      await Promise.all(more.map(({ service }) => service.stop()));
      await registry.close();
    }
  };
  return withOwnHost(context, run, options);
}

function startWorker(
  context: BenchmarkContext,
  { registryEnv, args }: { registryEnv: Readonly<Record<string, string>>; args: readonly string[] },
): { name: string; service: SupervisedService } {
  const identity = createWorkerIdentity();
  const env = { ...registryEnv, ...identity.env };
  const service = superviseService({
    starter: nodeChildren,
    clock: systemClock,
    log: context.log,
    // A benchmark kills workers more often than a healthy one would ever die.
    config: { ...defaultSupervision, maxRestarts: 1_000, maxBackoffMs: 200 },
    spec: () => ({ entry: "tts-worker", args: ["--port", "0", "--quiet", ...args, ...identity.args], env }),
  });
  return { name: identity.args[1] ?? "", service };
}

import type { Logger } from "#core/ports/logger";
import { systemClock } from "#adapters/system/system-clock";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import { createHost, type Host } from "#supervisor/host";
import { holdRegistry, nodeChildren, type RegistryHolder } from "./fleet";
import { chooseRegistrySource } from "./registry-choice";
import { createWorkerIdentity } from "./run-worker";

export interface StartHostOptions {
  config: OrchestratorConfig;
  /** Arguments that the orchestrator gets as they are. */
  orchestratorArgs: readonly string[];
  workerArgs: readonly string[];
  token: string | undefined;
  log: Logger;
}

export interface StartedHost {
  port: number;
  host: Host;
  holder: RegistryHolder;
}

/** Redis, worker and orchestrator on this computer, supervised. Nothing is left running when it rejects. */
export async function startHost(options: StartHostOptions): Promise<StartedHost> {
  const { log } = options;
  const holder = holdRegistry(await chooseRegistrySource(options.config.redis, { log, mayStart: true }));
  const identity = createWorkerIdentity();
  const host = createHost(
    {
      starter: nodeChildren,
      clock: systemClock,
      log,
      registryEnv: holder.childEnv,
      ...(holder.serve === undefined ? {} : { serveRegistry: holder.serve }),
      stopRegistry: () => holder.source.stop(),
      onGivenUp: (error) => log.error("a part of Parley has given up", { error }),
    },
    {
      orchestrator: { args: options.orchestratorArgs, env: options.token === undefined ? {} : { PARLEY_TOKEN: options.token } },
      worker: { args: [...options.workerArgs, ...identity.args], env: identity.env },
    },
  );
  try {
    return { port: await host.start(), host, holder };
  } catch (error) {
    await host.stop();
    throw error;
  }
}

import { createPinoLogger } from "#adapters/logging/pino-logger";
import { findRunningRedis } from "#adapters/redis-server/find-running-redis";
import type { RegistryAddress } from "#contracts/child/registry-move";
import { AppError } from "#contracts/errors";
import { givenVariable } from "#core/config/given-variable";
import { chosenRedis } from "#core/settings/configured-settings";
import type { SettingsState } from "#contracts/settings/user-settings";
import { addressOf } from "#host/registry-holder";
import type { RegistrySource } from "#supervisor/registry-source";
import type { Logger } from "#core/ports/logger";
import { pageAddress, print, untilStopped } from "./cli-output";
import { flagsOf, type ConfigCommandOptions } from "./config-options";
import { places } from "./places";
import { chooseRegistrySource, registryFromParent } from "./registry-choice";
import { loadOrchestratorConfig } from "./own-config";
import { runOrchestrator } from "./run-orchestrator";
import { loadWorkerConfig, runWorker } from "./run-worker";
import { isTlsServed } from "./serve-page";
import { openSettings } from "./own-settings";
import type { RedisConfig } from "#contracts/config/redis";

export interface OrchestratorCommandOptions extends ConfigCommandOptions {
  port?: number;
  host?: string;
}

export interface WorkerCommandOptions extends ConfigCommandOptions {
  port?: number;
  host?: string;
  name?: string;
  redisUrl?: string;
  advertise?: string;
  tlsCert?: string;
  tlsKey?: string;
}

/** A headless orchestrator in this process, until Ctrl-C or SIGTERM. */
export async function commandOrchestrator(options: OrchestratorCommandOptions): Promise<void> {
  const flags = {
    ...flagsOf(options),
    "server.host": { value: options.host, option: "--host" },
    "server.port": { value: options.port, option: "--port" },
  };
  const config = await loadOrchestratorConfig(options.config, { profile: options.profile, flags });
  const log = createPinoLogger({ level: config.log.level, service: "orchestrator" });
  const settings = await openSettings(config, log, { flags });
  const choose = async (state: SettingsState): Promise<RegistrySource> => {
    const chosen = chosenRedis(config.redis, state);
    const found = await chooseRegistrySource(config.redis, { log, mayStart: true, chosen });
    if (found.type === "redis") return found;
    // Workers that are started apart from this orchestrator could not join.
    throw found.failure ?? new AppError("redis-not-available");
  };
  let source = await choose(await settings.read());
  try {
    const token = givenVariable(process.env, "PARLEY_TOKEN");
    const service = await runOrchestrator({
      config,
      configFrom: options,
      registry: addressOf(source),
      token,
      settings,
      log,
    });
    settings.attach({
      async useRedis(state) {
        const [before, next] = [source, await choose(state)];
        const move = await service.prepareMove(addressOf(next)).catch(async (error: unknown) => {
          await next.stop();
          throw error;
        });
        source = next;
        await move.commit();
        await before.stop();
      },
    });
    const scheme = isTlsServed(config.server) ? "https" : "http";
    const { host } = config.server;
    const address = pageAddress({ scheme, host, port: service.port }, token);
    print(`Parley's orchestrator is ready at ${address}`);
    print(`Workers are found through Redis: ${source.origin.source}, ${source.origin.address}.`);
    await untilStopped();
    await service.stop();
  } finally {
    await source.stop();
  }
}

/** A headless worker in this process, until Ctrl-C or SIGTERM. */
export async function commandWorker(options: WorkerCommandOptions): Promise<void> {
  const { redisUrl } = options;
  const config = await loadWorkerConfig({
    file: options.config,
    profile: options.profile,
    flags: {
      ...flagsOf(options),
      "worker.host": { value: options.host, option: "--host" },
      "worker.port": { value: options.port, option: "--port" },
      "worker.name": { value: options.name, option: "--name" },
      "worker.advertise": { value: options.advertise, option: "--advertise" },
      "worker.tlsCertFile": { value: options.tlsCert, option: "--tls-cert" },
      "worker.tlsKeyFile": { value: options.tlsKey, option: "--tls-key" },
    },
  });
  const log = createPinoLogger({ level: config.log.level, service: "worker" });
  const registry = await findRegistry(config.redis, { log, ...(redisUrl === undefined ? {} : { redisUrl }) });
  const service = await runWorker({ config, registry, token: givenVariable(process.env, "PARLEY_TOKEN"), log });
  print(`Parley's worker ${service.name} is ready at ${service.address}`);
  await untilStopped();
  await service.stop();
}

/** Given by URL or configuration, else the one of the Parley that runs on this computer. */
async function findRegistry(redis: RedisConfig, options: { log: Logger; redisUrl?: string }): Promise<RegistryAddress> {
  const fromParent = registryFromParent();
  if (fromParent !== undefined) return fromParent;
  const source = await chooseRegistrySource(redis, { ...options, mayStart: false });
  if (source.type === "redis") return source;
  const running = await findRunningRedis(places.runtimeDir);
  if (running === undefined) {
    throw new AppError("registry-unavailable", {
      detail: "no Parley runs on this computer, and neither --redis-url nor REDIS_URL names a Redis",
    });
  }
  return { type: "redis", ...running, origin: { source: "private", address: running.address, banner: undefined } };
}

import { createRedisRegistry } from "#adapters/redis-registry/redis-registry";
import { createChannelRegistry } from "#adapters/registry-channel/channel-registry";
import { channelToParent } from "#adapters/registry-channel/message-channel";
import { systemClock } from "#adapters/system/system-clock";
import type { RegistryAddress } from "#contracts/child/registry-move";
import { parseJsonWith } from "#contracts/parse";
import { RedisTimeouts } from "#contracts/registry/redis-timeouts";
import { RegistryOriginSchema } from "#contracts/registry/registry-origin";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { RedisConfig } from "#contracts/config/redis";
import type { Logger } from "#core/ports/logger";
import type { RedisStatus } from "#core/ports/redis-status";
import type { WorkerRegistry } from "#core/ports/worker-registry";
import { chosenRedis } from "#core/settings/configured-settings";
import { chooseRegistrySource as chooseSource, type RegistryChoice } from "#host/choose-registry-source";
import { openUserSettings } from "#host/open-settings";
import { REGISTRY_ENV } from "#host/registry-env";
import type { RegistrySource } from "#supervisor/registry-source";
import { parent } from "./parent";
import { places } from "./places";

/** What the supervisor that started this process says; undefined when there is none. */
export function registryFromParent(): RegistryAddress | undefined {
  if (process.env[REGISTRY_ENV.channel] === "1") return { type: "parent" };
  const url = process.env[REGISTRY_ENV.url];
  const origin = parseJsonWith(RegistryOriginSchema, process.env[REGISTRY_ENV.origin] ?? "");
  const timeouts = parseJsonWith(RedisTimeouts, process.env[REGISTRY_ENV.timeouts] ?? "");
  if (url === undefined || !origin.ok) return undefined;
  return {
    type: "redis",
    url,
    password: process.env[REGISTRY_ENV.password],
    passwordFile: process.env[REGISTRY_ENV.passwordFile],
    caFile: process.env[REGISTRY_ENV.caFile],
    timeouts: timeouts.ok ? timeouts.value : undefined,
    origin: origin.value,
  };
}

/** Only a Redis can describe itself. */
export async function connectRegistry(
  address: RegistryAddress,
  log: Logger,
  onDamagedRecords?: (count: number) => void,
): Promise<WorkerRegistry & Partial<RedisStatus>> {
  if (address.type === "parent") return createChannelRegistry({ channel: channelToParent(parent), clock: systemClock });
  const { url, password, passwordFile, caFile, timeouts, origin } = address;
  return createRedisRegistry({
    url,
    password,
    passwordFile,
    caFile,
    timeouts,
    origin: { ...origin, banner: origin.banner },
    clock: systemClock,
    log,
    ...(onDamagedRecords === undefined ? {} : { onDamagedRecords }),
  });
}

/**
 * `mayStart`: start a private server when no address is given. Whoever may not, joins the Redis that the person of this
 * computer has chosen.
 */
export async function chooseRegistrySource(
  config: RedisConfig,
  options: Pick<RegistryChoice, "log" | "mayStart" | "redisUrl" | "chosen">,
): Promise<RegistrySource> {
  const surroundings = { places, env: process.env };
  if (options.mayStart) return chooseSource(config, { ...options, ...surroundings });
  const configured = OrchestratorConfig.parse({ redis: config });
  const settings = await openUserSettings({ config: configured, ...surroundings, log: options.log });
  const chosen = chosenRedis(config, await settings.read());
  return chooseSource(config, { ...options, chosen, ...surroundings });
}

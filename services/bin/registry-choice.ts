import { createRedisRegistry } from "#adapters/redis-registry/redis-registry";
import { createChannelRegistry } from "#adapters/registry-channel/channel-registry";
import { channelToParent } from "#adapters/registry-channel/message-channel";
import { systemClock } from "#adapters/system/system-clock";
import { parseJsonWith } from "#contracts/parse";
import { RegistryOriginSchema } from "#contracts/registry/registry-origin";
import type { RedisConfig } from "#contracts/config/redis";
import type { Logger } from "#core/ports/logger";
import type { RedisStatus } from "#core/ports/redis-status";
import type { RegistryOrigin, WorkerRegistry } from "#core/ports/worker-registry";
import { chooseRegistrySource as chooseSource } from "#host/choose-registry-source";
import { REGISTRY_ENV } from "#host/registry-env";
import type { RegistrySource } from "#supervisor/registry-source";
import { parent } from "./parent";
import { places } from "./places";

export type RegistryAddress =
  { type: "redis"; url: string; password: string | undefined; origin: RegistryOrigin } | { type: "parent" };

/** What the supervisor that started this process says; undefined when there is none. */
export function registryFromParent(): RegistryAddress | undefined {
  if (process.env[REGISTRY_ENV.channel] === "1") return { type: "parent" };
  const url = process.env[REGISTRY_ENV.url];
  const origin = parseJsonWith(RegistryOriginSchema, process.env[REGISTRY_ENV.origin] ?? "");
  if (url === undefined || !origin.ok) return undefined;
  return {
    type: "redis",
    url,
    password: process.env[REGISTRY_ENV.password],
    origin: { ...origin.value, banner: origin.value.banner },
  };
}

/** Only a Redis can describe itself. */
export async function connectRegistry(
  address: RegistryAddress,
  log: Logger,
): Promise<WorkerRegistry & Partial<RedisStatus>> {
  if (address.type === "parent") return createChannelRegistry({ channel: channelToParent(parent), clock: systemClock });
  const { url, password, origin } = address;
  return createRedisRegistry({ url, ...(password === undefined ? {} : { password }), origin, clock: systemClock, log });
}

/** `mayStart`: start a private server when no address is given. */
export function chooseRegistrySource(
  config: RedisConfig,
  options: { log: Logger; mayStart: boolean; redisUrl?: string },
): Promise<RegistrySource> {
  return chooseSource(config, { ...options, places, env: process.env });
}

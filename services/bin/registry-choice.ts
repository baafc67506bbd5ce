import { createRedisRegistry } from "#adapters/redis-registry/redis-registry";
import { createChannelRegistry } from "#adapters/registry-channel/channel-registry";
import { channelToParent } from "#adapters/registry-channel/message-channel";
import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import { parseJsonWith } from "#contracts/parse";
import { RegistryOriginSchema } from "#contracts/registry/registry-origin";
import type { RedisConfig } from "#contracts/config/redis";
import type { Logger } from "#core/ports/logger";
import type { RegistryOrigin, WorkerRegistry } from "#core/ports/worker-registry";
import { resolveRegistrySource, type RegistrySource } from "#supervisor/registry-source";
import { places } from "./places";
import { createRegistrySourceDeps } from "./registry-wiring";

/** Environment by which a supervisor tells its children where the registry is; never by argument, where others could read it. */
const ENV = {
  url: "PARLEY_REGISTRY_URL",
  password: "PARLEY_REGISTRY_PASSWORD",
  origin: "PARLEY_REGISTRY_ORIGIN",
  /** "1": the registry is in the parent process. */
  channel: "PARLEY_REGISTRY_CHANNEL",
} as const;

export type RegistryAddress =
  { type: "redis"; url: string; password: string | undefined; origin: RegistryOrigin } | { type: "parent" };

/** What the supervisor that started this process says; undefined when there is none. */
export function registryFromParent(): RegistryAddress | undefined {
  if (process.env[ENV.channel] === "1") return { type: "parent" };
  const url = process.env[ENV.url];
  const origin = parseJsonWith(RegistryOriginSchema, process.env[ENV.origin] ?? "");
  if (url === undefined || !origin.ok) return undefined;
  return {
    type: "redis",
    url,
    password: process.env[ENV.password],
    origin: { ...origin.value, banner: origin.value.banner },
  };
}

export function envForChildren(source: RegistrySource): Record<string, string> {
  if (source.type === "in-process") return { [ENV.channel]: "1" };
  return {
    [ENV.url]: source.url,
    [ENV.origin]: JSON.stringify(source.origin),
    ...(source.password === undefined ? {} : { [ENV.password]: source.password }),
  };
}

export async function connectRegistry(address: RegistryAddress, log: Logger): Promise<WorkerRegistry> {
  if (address.type === "parent")
    return createChannelRegistry({ channel: channelToParent(process), clock: systemClock });
  const { url, password, origin } = address;
  return createRedisRegistry({ url, ...(password === undefined ? {} : { password }), origin, clock: systemClock, log });
}

/** `mayStart`: start a private server when no address is given. */
export function chooseRegistrySource(
  config: RedisConfig,
  options: { log: Logger; mayStart: boolean; redisUrl?: string },
): Promise<RegistrySource> {
  const { log } = options;
  const redisUrl = options.redisUrl ?? process.env.REDIS_URL ?? process.env.PARLEY_REDIS_URL;
  return resolveRegistrySource(
    createRegistrySourceDeps({
      clock: systemClock,
      ids: systemIds,
      log,
      cacheDir: places.cacheDir,
      runtimeDir: places.runtimeDir,
      searchPath: process.env.PATH,
      serverFolders: process.env.PARLEY_REDIS_FOLDERS,
      bundledServerPath: process.env.PARLEY_REDIS_SERVER,
    }),
    {
      ...(redisUrl === undefined ? {} : { redisUrl }),
      configuredUrl: config.url,
      ...(process.env.REDIS_PASSWORD_FILE === undefined ? {} : { passwordFile: process.env.REDIS_PASSWORD_FILE }),
      allowLocal: config.use_local,
      allowPrivate: options.mayStart,
      allowFetch: process.env.PARLEY_NO_FETCH !== "1",
    },
  );
}

import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import type { RedisConfig } from "#contracts/config/redis";
import { givenVariable } from "#core/config/given-variable";
import type { Logger } from "#core/ports/logger";
import { resolveRegistrySource, type RegistrySource, type RegistrySourceSettings } from "#supervisor/registry-source";
import type { Environment, Places } from "./places";
import { createRegistrySourceDeps } from "./registry-wiring";

export interface RegistryChoice {
  log: Logger;
  /** Start a private server when no address is given. */
  mayStart: boolean;
  /** Goes before every other address. */
  redisUrl?: string;
  /** What the person has chosen. */
  chosen?: RegistrySourceSettings["chosen"];
  places: Pick<Places, "cacheDir" | "runtimeDir" | "bundledRedis">;
  env: Environment;
}

export function chooseRegistrySource(config: RedisConfig, choice: RegistryChoice): Promise<RegistrySource> {
  const { log, env, places } = choice;
  return resolveRegistrySource(
    createRegistrySourceDeps({
      clock: systemClock,
      ids: systemIds,
      log,
      cacheDir: places.cacheDir,
      runtimeDir: places.runtimeDir,
      searchPath: env["PATH"],
      serverFolders: givenVariable(env, "PARLEY_REDIS_FOLDERS"),
      bundledServerPath: givenVariable(env, "PARLEY_REDIS_SERVER") ?? places.bundledRedis,
    }),
    registrySettings(config, choice),
  );
}

/** What all of them together say of the place of the Redis. */
export function registrySettings(
  config: RedisConfig,
  choice: Pick<RegistryChoice, "redisUrl" | "chosen" | "env" | "mayStart">,
): RegistrySourceSettings {
  const { env } = choice;
  const redisUrl =
    choice.redisUrl ?? givenVariable(env, "REDIS_URL") ?? givenVariable(env, "PARLEY_REDIS_URL") ?? urlOfLists(env);
  const caFile = givenVariable(env, "REDIS_CA_FILE") ?? config.ca_file;
  const passwordFile = givenVariable(env, "REDIS_PASSWORD_FILE");
  return {
    ...(redisUrl === undefined ? {} : { redisUrl }),
    ...(choice.chosen === undefined ? {} : { chosen: choice.chosen }),
    configuredUrl: configuredUrl(config),
    ...(caFile === "" ? {} : { caFile }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
    timeouts: {
      commandMs: config.socket_timeout * 1_000,
      connectMs: config.socket_connect_timeout * 1_000,
    },
    allowLocal: config.use_local,
    allowPrivate: choice.mayStart,
    allowFetch: env["PARLEY_NO_FETCH"] !== "1",
  };
}

/** An address wins over Sentinels, and they over a Cluster. */
export function configuredUrl({
  url,
  sentinels,
  sentinel_name: name,
  cluster,
  ca_file,
}: Pick<RedisConfig, "url" | "sentinels" | "sentinel_name" | "cluster" | "ca_file">): string {
  const scheme = ca_file === "" ? "redis" : "rediss";
  if (url !== "") return url;
  if (sentinels.length > 0) return `${scheme}+sentinel://${sentinels.join(",")}/${name}`;
  return cluster.length > 0 ? `${scheme}+cluster://${cluster.join(",")}` : "";
}

/** REDIS_SENTINELS and REDIS_CLUSTER: host:port, separated by commas. */
function urlOfLists(env: Environment): string | undefined {
  const listOf = (name: string): string[] => (env[name] ?? "").split(/[\s,]+/).filter((text) => text !== "");
  const url = configuredUrl({
    url: "",
    sentinels: listOf("REDIS_SENTINELS"),
    sentinel_name: givenVariable(env, "REDIS_SENTINEL_NAME") ?? "mymaster",
    cluster: listOf("REDIS_CLUSTER"),
    ca_file: givenVariable(env, "REDIS_CA_FILE") ?? "",
  });
  return url === "" ? undefined : url;
}

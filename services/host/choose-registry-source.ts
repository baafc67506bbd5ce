import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import type { RedisConfig } from "#contracts/config/redis";
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
  const redisUrl = choice.redisUrl ?? env["REDIS_URL"] ?? env["PARLEY_REDIS_URL"];
  const caFile = env["REDIS_CA_FILE"] ?? config.ca_file;
  const passwordFile = env["REDIS_PASSWORD_FILE"];
  return resolveRegistrySource(
    createRegistrySourceDeps({
      clock: systemClock,
      ids: systemIds,
      log,
      cacheDir: places.cacheDir,
      runtimeDir: places.runtimeDir,
      searchPath: env["PATH"],
      serverFolders: env["PARLEY_REDIS_FOLDERS"],
      bundledServerPath: env["PARLEY_REDIS_SERVER"] ?? places.bundledRedis,
    }),
    {
      ...(redisUrl === undefined ? {} : { redisUrl }),
      ...(choice.chosen === undefined ? {} : { chosen: choice.chosen }),
      configuredUrl: config.url,
      ...(caFile === "" ? {} : { caFile }),
      ...(passwordFile === undefined ? {} : { passwordFile }),
      allowLocal: config.use_local,
      allowPrivate: choice.mayStart,
      allowFetch: env["PARLEY_NO_FETCH"] !== "1",
    },
  );
}

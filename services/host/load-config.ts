import type { z } from "zod";
import { findProfile, readConfigFile } from "#adapters/config-file/read-config-file";
import { listConfigKeys, type ConfigKey } from "#contracts/config/config-key";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import { WorkerConfig } from "#contracts/config/worker";
import { parseWith } from "#contracts/parse";
import { entriesOfEnvironment, entriesOfTree, type ConfigEntry } from "#core/config/config-entry";
import { withOneRedisPlace } from "#core/config/one-redis-place";
import { resolveConfig, type ResolvedConfig } from "#core/config/resolve-config";
import type { Environment, Places } from "./places";

export const ORCHESTRATOR_KEYS: readonly ConfigKey[] = listConfigKeys(OrchestratorConfig);
export const WORKER_KEYS: readonly ConfigKey[] = listConfigKeys(WorkerConfig);

export interface ConfigSurroundings {
  places: Pick<Places, "configFile" | "profileFolder">;
  env: Environment;
}

export interface ConfigOptions {
  /** Default: the one in Parley's own configs folder. */
  file?: string | undefined;
  /** A name in configs/profiles. Default: PARLEY_PROFILE. */
  profile?: string | undefined;
  /** By key; undefined ones do not count. */
  flags?: Readonly<Record<string, { value: unknown; option: string }>>;
  /** What a person has chosen, for those who show what holds. */
  settings?: readonly ConfigEntry[];
}

/** Rejects with `bad-config` and `file-unreadable`. */
export function loadOrchestratorConfig(
  options: ConfigOptions,
  surroundings: ConfigSurroundings,
): Promise<ResolvedConfig<OrchestratorConfig>> {
  return load(
    { name: "orchestrator", schema: OrchestratorConfig, keys: ORCHESTRATOR_KEYS, otherKeys: WORKER_KEYS },
    options,
    surroundings,
  );
}

/** Rejects with `bad-config` and `file-unreadable`. */
export function loadWorkerConfig(
  options: ConfigOptions,
  surroundings: ConfigSurroundings,
): Promise<ResolvedConfig<WorkerConfig>> {
  return load(
    { name: "worker", schema: WorkerConfig, keys: WORKER_KEYS, otherKeys: ORCHESTRATOR_KEYS },
    options,
    surroundings,
  );
}

interface Service<T> {
  name: "orchestrator" | "worker";
  schema: z.ZodType<T>;
  keys: readonly ConfigKey[];
  otherKeys: readonly ConfigKey[];
}

async function load<T>(
  { name, schema, keys, otherKeys }: Service<T>,
  { file, profile, flags = {}, settings }: ConfigOptions,
  { places, env }: ConfigSurroundings,
): Promise<ResolvedConfig<T>> {
  const path = file ?? places.configFile(name);
  const tree = await readConfigFile({ path, isOptional: file === undefined });
  // The environment decides the Redis and the mode over what a person has chosen, and is asked for them there.
  const fromEnvironment = settings === undefined ? keys.filter(({ isFixable }) => !isFixable) : keys;
  const entries: ConfigEntry[] = [
    ...entriesOfTree(tree, keys, { source: "file", origin: path }),
    ...(await entriesOfProfile(profile ?? env["PARLEY_PROFILE"] ?? "", [...keys, ...otherKeys], places)),
    ...(settings ?? []),
    ...entriesOfEnvironment(env, fromEnvironment),
    ...Object.entries(flags).flatMap(([key, { value, option }]) =>
      value === undefined ? [] : [{ key, value, source: "flag" as const, origin: option }],
    ),
  ];
  return resolveConfig({
    keys,
    otherKeys,
    entries: withOneRedisPlace(entries),
    check: (raw) => parseWith(schema, raw),
  });
}

async function entriesOfProfile(
  profile: string,
  keys: readonly ConfigKey[],
  places: ConfigSurroundings["places"],
): Promise<ConfigEntry[]> {
  if (profile === "") return [];
  const path = await findProfile(places.profileFolder, profile);
  const tree = await readConfigFile({ path, isOptional: false });
  return entriesOfTree(tree, keys, { source: "profile", origin: path });
}

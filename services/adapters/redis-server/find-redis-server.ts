import { access, constants } from "node:fs/promises";
import path from "node:path";
import type { RedisBinary } from "#core/ports/redis-server";
import type { CommandRunner } from "./run-command";

/** Where package managers put servers; a desktop app does not always have them on its PATH. */
export const USUAL_SERVER_FOLDERS: readonly string[] = ["/opt/homebrew/bin", "/usr/local/bin", "/usr/bin"];

const VERSION_TIMEOUT_MS = 5_000;
const MIN_VERSION = { major: 6, minor: 2 } as const;
const SERVER_NAMES = ["valkey-server", "redis-server"] as const;

export interface FindRedisServerOptions {
  run: CommandRunner;
  /** Looked through in order, for instance the folders of PATH and then `USUAL_SERVER_FOLDERS`. */
  folders: readonly string[];
  /** A server that comes with the app; tried first. */
  bundledPath?: string;
}

/** The first valkey-server or redis-server that runs here and is at least version 6.2; undefined when there is none. */
export async function findRedisServer(options: FindRedisServerOptions): Promise<RedisBinary | undefined> {
  for (const candidate of await candidatesOf(options)) {
    const label = await describeServer(candidate, {}, options.run);
    if (label !== undefined) return { path: candidate, env: {}, label };
  }
  return undefined;
}

/** All that could be found, usable or not. `label` is undefined for one that does not run here. */
export async function listRedisServers(
  options: FindRedisServerOptions,
): Promise<{ path: string; label: string | undefined; isUsable: boolean }[]> {
  const candidates = await candidatesOf(options);
  return Promise.all(
    candidates.map(async (candidate) => {
      const version = await readVersion(candidate, {}, options.run);
      return { path: candidate, label: version?.label, isUsable: version?.isNewEnough === true };
    }),
  );
}

async function candidatesOf(options: FindRedisServerOptions): Promise<string[]> {
  const inFolders = [...new Set(options.folders.filter((folder) => folder !== ""))].flatMap((folder) =>
    SERVER_NAMES.map((name) => path.join(folder, name)),
  );
  const candidates = options.bundledPath === undefined ? inFolders : [options.bundledPath, ...inFolders];
  const areExecutable = await Promise.all(candidates.map(isExecutable));
  return candidates.filter((_, index) => areExecutable[index]);
}

/** Product and version, when the program runs with this environment and is new enough; undefined otherwise. */
export async function describeServer(
  serverPath: string,
  env: Readonly<Record<string, string>>,
  run: CommandRunner,
): Promise<string | undefined> {
  const version = await readVersion(serverPath, env, run);
  return version?.isNewEnough === true ? version.label : undefined;
}

async function readVersion(
  serverPath: string,
  env: Readonly<Record<string, string>>,
  run: CommandRunner,
): Promise<{ label: string; isNewEnough: boolean } | undefined> {
  const result = await run([serverPath, "--version"], { timeoutMs: VERSION_TIMEOUT_MS, env });
  const match = /(Redis|Valkey) server v=(\d+)\.(\d+)\.(\d+)/.exec(result.stdout);
  if (result.exitCode !== 0 || match === null) return undefined;
  const [, product = "", major = "0", minor = "0", patch = "0"] = match;
  const isNewEnough =
    Number(major) > MIN_VERSION.major || (Number(major) === MIN_VERSION.major && Number(minor) >= MIN_VERSION.minor);
  return { label: `${product} ${major}.${minor}.${patch}`, isNewEnough };
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

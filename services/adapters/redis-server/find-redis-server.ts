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
  const inFolders = [...new Set(options.folders.filter((folder) => folder !== ""))].flatMap((folder) =>
    SERVER_NAMES.map((name) => path.join(folder, name)),
  );
  const candidates = options.bundledPath === undefined ? inFolders : [options.bundledPath, ...inFolders];
  for (const candidate of candidates) {
    const label = (await isExecutable(candidate)) ? await describeServer(candidate, {}, options.run) : undefined;
    if (label !== undefined) return { path: candidate, env: {}, label };
  }
  return undefined;
}

/** Product and version, when the program runs with this environment and is new enough; undefined otherwise. */
export async function describeServer(
  serverPath: string,
  env: Readonly<Record<string, string>>,
  run: CommandRunner,
): Promise<string | undefined> {
  const result = await run([serverPath, "--version"], { timeoutMs: VERSION_TIMEOUT_MS, env });
  const match = /(Redis|Valkey) server v=(\d+)\.(\d+)\.(\d+)/.exec(result.stdout);
  if (result.exitCode !== 0 || match === null) return undefined;
  const [, product = "", major = "0", minor = "0", patch = "0"] = match;
  const isNewEnough =
    Number(major) > MIN_VERSION.major || (Number(major) === MIN_VERSION.major && Number(minor) >= MIN_VERSION.minor);
  return isNewEnough ? `${product} ${major}.${minor}.${patch}` : undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

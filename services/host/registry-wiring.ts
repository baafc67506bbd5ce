import { readFile } from "node:fs/promises";
import path from "node:path";
import { checkRedis } from "#adapters/redis-registry/redis-registry";
import { fetchRedisServer } from "#adapters/redis-server/fetch-redis-server";
import { findRedisServer, USUAL_SERVER_FOLDERS } from "#adapters/redis-server/find-redis-server";
import { startPrivateRedis } from "#adapters/redis-server/private-redis";
import { probeLocalRedis } from "#adapters/redis-server/probe-local-redis";
import { runCommand } from "#adapters/redis-server/run-command";
import type { Clock } from "#core/ports/clock";
import type { Ids } from "#core/ports/ids";
import type { Logger } from "#core/ports/logger";
import type { RegistrySourceDeps } from "#supervisor/registry-source";

export interface RegistryWiring {
  clock: Clock;
  ids: Ids;
  log: Logger;
  /** Keeps a fetched server between starts. */
  cacheDir: string;
  /** For lock files; this user's alone. */
  runtimeDir: string;
  /** The PATH variable. */
  searchPath: string | undefined;
  /** Folders, separated as in PATH, in which a server is looked for instead of PATH and the usual ones. */
  serverFolders: string | undefined;
  /** A server that comes with the app. */
  bundledServerPath: string | undefined;
}

/** The real ways to a Redis, for `resolveRegistrySource`. */
export function createRegistrySourceDeps(wiring: RegistryWiring): RegistrySourceDeps {
  const { clock, ids, log, cacheDir, runtimeDir, bundledServerPath: bundledPath } = wiring;
  const folders = redisServerFolders(wiring);
  return {
    log,
    checkRedis: (target) => checkRedis({ ...target, clock, log }),
    readPasswordFile: (file) => readFile(file, "utf8"),
    probeLocalRedis: () => probeLocalRedis(),
    findRedisServer: () => findRedisServer({ run: runCommand, folders, bundledPath }),
    fetchRedisServer: () => fetchRedisServer({ cacheDir, run: runCommand, log, isRoot: process.getuid?.() === 0 }),
    startPrivateRedis: (binary) => startPrivateRedis({ binary, runtimeDir, clock, ids, log }),
  };
}

/** Where a redis-server is looked for, in this order. */
export function redisServerFolders(wiring: Pick<RegistryWiring, "searchPath" | "serverFolders">): string[] {
  const usualFolders = [...(wiring.searchPath ?? "").split(path.delimiter), ...USUAL_SERVER_FOLDERS];
  return wiring.serverFolders?.split(path.delimiter) ?? usualFolders;
}

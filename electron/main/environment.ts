import { existsSync } from "node:fs";
import path from "node:path";
import { app } from "electron";
import type { Environment } from "#host/places";

/** The environment of this process, completed by what a package brings. */
export function readEnvironment(): Environment {
  const bundledRedis = path.join(process.resourcesPath, "redis/redis-server");
  if (!app.isPackaged || !existsSync(bundledRedis)) return process.env;
  return { PARLEY_REDIS_SERVER: bundledRedis, ...process.env };
}

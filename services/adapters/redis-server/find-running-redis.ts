import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parseJsonWith } from "#contracts/parse";
import { identifyServer } from "./ask-redis";
import { PRIVATE_HOST } from "./redis-child";
import { ServerLock } from "./server-lock";

const ASK_TIMEOUT_MS = 1_000;

export interface RunningRedis {
  url: string;
  password: string;
  /** host:port, for people. */
  address: string;
}

/**
 * The private server of a Parley that runs now under this user; undefined when there is none. Found by its lock file,
 * believed only when it knows the password and is the same run.
 */
export async function findRunningRedis(runtimeDir: string): Promise<RunningRedis | undefined> {
  const names = await readdir(runtimeDir).catch(() => []);
  for (const name of names) {
    const lock = parseJsonWith(ServerLock, await readFile(path.join(runtimeDir, name), "utf8").catch(() => ""));
    if (!lock.ok) continue;
    const { port, password, runId } = lock.value;
    const identity = await identifyServer({ host: PRIVATE_HOST, port, password, timeoutMs: ASK_TIMEOUT_MS }).catch(
      () => undefined,
    );
    if (identity?.runId === runId)
      return { url: `redis://${PRIVATE_HOST}:${port}`, password, address: `${PRIVATE_HOST}:${port}` };
  }
  return undefined;
}

import type { Redis } from "ioredis";
import { AppError } from "#contracts/errors";
import type { RedisAddress } from "./redis-address";

/** Scripts that read the clock and then write, and the client library, need at least this. */
const MIN_VERSION = { major: 6, minor: 2 } as const;

/** Throws `redis-unsuitable` for a server that cannot hold the registry. A user that may not ask (NOPERM) is let through. */
export async function checkServer(client: Redis, { place, shown }: RedisAddress): Promise<void> {
  const info = await readInfo(client);
  if (info === undefined) return;
  const unsuitable = (detail: string): AppError => new AppError("redis-unsuitable", { detail: `${shown}: ${detail}` });
  const version = info.get("redis_version") ?? "";
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < MIN_VERSION.major || (major === MIN_VERSION.major && minor < MIN_VERSION.minor)) {
    throw unsuitable(version === "" ? "it does not tell its version" : `it is version ${version}`);
  }
  if (info.get("redis_mode") === "sentinel")
    throw unsuitable("it is a Sentinel, begin the address with redis+sentinel:// and end it with /name of the master");
  // Its nodes answer in turn, and replicas among them are no fault.
  if (place.type === "cluster") return;
  if (info.get("redis_mode") === "cluster")
    throw unsuitable("it belongs to a Cluster, begin the address with redis+cluster://");
  if (info.get("role") === "slave") throw unsuitable("it is a read-only replica, give the address of its master");
}

/** Undefined when this user may not ask (NOPERM). */
export async function readInfo(client: Redis): Promise<Map<string, string> | undefined> {
  try {
    return parseInfoText(await client.info());
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("NOPERM")) return undefined;
    throw error;
  }
}

/** The `name:value` lines of an INFO reply. */
function parseInfoText(text: string): Map<string, string> {
  const pairs = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const colon = line.indexOf(":");
    return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
  });
  return new Map(pairs);
}

import type { ConfigEntry } from "./config-entry";

const PLACES: ReadonlySet<string> = new Set(["redis.url", "redis.sentinels", "redis.cluster"]);

/**
 * An address, Sentinels or a Cluster say where the Redis is. Who names one of them takes back what sources before it said
 * of the others.
 */
export function withOneRedisPlace(entries: readonly ConfigEntry[]): ConfigEntry[] {
  const last = entries.findLast(isPlace);
  if (last === undefined) return [...entries];
  return entries.filter((entry) => !PLACES.has(entry.key) || entry.source === last.source);
}

function isPlace({ key, value }: ConfigEntry): boolean {
  return PLACES.has(key) && value !== "" && !(Array.isArray(value) && value.length === 0);
}

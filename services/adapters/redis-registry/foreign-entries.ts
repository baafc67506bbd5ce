import type { Redis } from "ioredis";
import type { ForeignEntry } from "#core/ports/worker-registry";

const MAX_ENTRIES = 256;
/** Steps of the scan for each pattern; one looks at some 1,000 keys and takes the server about 0.2 ms. */
const MAX_STEPS = 50;

/** Strings and hashes under keys of these patterns; a key of another type comes without a value. Never blocks the server. */
export async function readEntries(client: Redis, patterns: readonly string[]): Promise<ForeignEntry[]> {
  const keys = new Set<string>();
  for (const pattern of patterns) {
    let cursor = "0";
    for (let step = 0; step < MAX_STEPS && keys.size < MAX_ENTRIES; step++) {
      const [next, found] = await client.scan(cursor, "MATCH", pattern, "COUNT", 1_000);
      for (const key of found) keys.add(key);
      cursor = next;
      if (cursor === "0") break;
    }
  }
  return Promise.all([...keys].slice(0, MAX_ENTRIES).map((key) => readEntry(client, key)));
}

async function readEntry(client: Redis, key: string): Promise<ForeignEntry> {
  switch (await client.type(key)) {
    case "string":
      return { key, value: (await client.get(key)) ?? undefined };
    case "hash":
      return { key, value: await client.hgetall(key) };
    default:
      return { key, value: undefined };
  }
}

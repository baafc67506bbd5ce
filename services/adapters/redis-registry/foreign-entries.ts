import { Cluster, type Redis } from "ioredis";
import { ForeignRecordFields } from "#contracts/registry/foreign-record";
import type { ForeignEntry } from "#core/ports/worker-registry";

const MAX_ENTRIES = 256;
/** A record has some 500 bytes; what another program keeps under such a key may have hundreds of megabytes. */
const MAX_RECORD_BYTES = 65_536;
/** Of a record that is a hash. */
const RECORD_FIELDS = Object.keys(ForeignRecordFields.shape);
/** Steps of the scan for each pattern; one looks at some 1,000 keys and takes the server about 0.2 ms. */
const MAX_STEPS = 50;

/**
 * Strings and hashes under keys of these patterns; what is too large for a record, or of another type, comes without a value. Never blocks the server. In a
 * Cluster each master holds some of the keys.
 */
export async function readEntries(client: Redis | Cluster, patterns: readonly string[]): Promise<ForeignEntry[]> {
  const keys = new Set<string>();
  const servers = client instanceof Cluster ? client.nodes("master") : [client];
  for (const server of servers) for (const pattern of patterns) await findKeys(server, pattern, keys);
  return Promise.all([...keys].slice(0, MAX_ENTRIES).map((key) => readEntry(client, key)));
}

async function findKeys(server: Redis, pattern: string, keys: Set<string>): Promise<void> {
  let cursor = "0";
  for (let step = 0; step < MAX_STEPS && keys.size < MAX_ENTRIES; step++) {
    const [next, found] = await server.scan(cursor, "MATCH", pattern, "COUNT", 1_000);
    for (const key of found) keys.add(key);
    cursor = next;
    if (cursor === "0") return;
  }
}

async function readEntry(client: Redis | Cluster, key: string): Promise<ForeignEntry> {
  switch (await client.type(key)) {
    case "string": {
      const isRecord = (await client.strlen(key)) <= MAX_RECORD_BYTES;
      return { key, value: isRecord ? ((await client.get(key)) ?? undefined) : undefined };
    }
    case "hash": {
      const values = await client.hmget(key, ...RECORD_FIELDS);
      const fields = RECORD_FIELDS.flatMap((field, i) => (values[i] ? [[field, values[i]] as const] : []));
      return { key, value: Object.fromEntries(fields) };
    }
    default:
      return { key, value: undefined };
  }
}

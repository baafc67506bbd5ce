/** What a Redis server says of itself, and how fast it answers. */
export interface RedisServerState {
  version: string;
  mode: string;
  role: string;
  /** Changes with each start of the server. */
  runId: string;
  uptimeSeconds: number;
  connectedClients: number;
  /** 0: it does not tell. */
  maxClients: number;
  usedMemoryBytes: number;
  /** 0: no limit. */
  maxMemoryBytes: number;
  commandsPerSecond: number;
  /** Lookups since the server's start that found a key, and that found none. */
  hitCount: number;
  missCount: number;
  evictedKeys: number;
  /** Of one PING. */
  roundTripMs: number;
}

/** The server behind the registry. Rejects as the registry's own calls do, within 2 s. */
export interface RedisStatus {
  describeServer(): Promise<RedisServerState>;
}

/**
 * Tries out a server that is not in use: connects, logs in, checks that it can hold the registry, and leaves.
 * Rejects with `bad-config`, `file-unreadable` for the CA, or a `redis-*` code that says why.
 */
export type RedisTest = (server: {
  url: string;
  password: string | undefined;
  caFile: string | undefined;
}) => Promise<{ roundTripMs: number; version: string }>;

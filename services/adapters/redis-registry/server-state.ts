import type { Redis } from "ioredis";
import type { Clock } from "#core/ports/clock";
import type { RedisServerState } from "#core/ports/redis-status";
import { readInfo } from "./server-check";

/**
 * One PING and one INFO, one after the other: INFO takes the server some 155 µs, which would be part of the round trip.
 * What a user may not ask for is "unknown" or 0.
 */
export async function readServerState(client: Redis, clock: Clock): Promise<RedisServerState> {
  const askedAtMs = clock.nowMs();
  await client.ping();
  const roundTripMs = clock.nowMs() - askedAtMs;
  const info = (await readInfo(client)) ?? new Map<string, string>();
  const text = (name: string): string => info.get(name) ?? "unknown";
  const number = (name: string): number => {
    const value = Number(info.get(name));
    return Number.isFinite(value) ? value : 0;
  };
  return {
    version: info.get("valkey_version") ?? text("redis_version"),
    mode: info.get("server_mode") ?? text("redis_mode"),
    role: text("role"),
    runId: text("run_id"),
    uptimeSeconds: number("uptime_in_seconds"),
    connectedClients: number("connected_clients"),
    maxClients: number("maxclients"),
    usedMemoryBytes: number("used_memory"),
    maxMemoryBytes: number("maxmemory"),
    commandsPerSecond: number("instantaneous_ops_per_sec"),
    hitCount: number("keyspace_hits"),
    missCount: number("keyspace_misses"),
    evictedKeys: number("evicted_keys"),
    roundTripMs,
  };
}

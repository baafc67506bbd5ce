/** How the predecessor's configuration files name what Parley has too. Values that cannot be converted are left to the schema. */
interface PredecessorKey {
  name: string;
  /** Parley's key. */
  key: string;
  convert?: (value: unknown) => unknown;
}

const PREDECESSOR_KEYS: readonly PredecessorKey[] = [
  { name: "transport.websocket.host", key: "server.host" },
  { name: "transport.websocket.port", key: "server.port" },
  { name: "transport.websocket.max_connections", key: "server.maxSessions" },
  { name: "routing.static_worker_addr", key: "foreign.workers", convert: (value) => [withoutScheme(value)] },
  { name: "vad.min_speech_duration_ms", key: "vad.minSpeechMs" },
  { name: "vad.min_silence_duration_ms", key: "vad.minSilenceMs" },
  { name: "log_level", key: "log.level", convert: logLevel },
  { name: "logging.level", key: "log.level", convert: logLevel },
  { name: "worker.grpc_host", key: "worker.host" },
  { name: "worker.grpc_port", key: "worker.port" },
  { name: "worker.capabilities.max_concurrent_sessions", key: "worker.capacity" },
  { name: "redis.registration_ttl_seconds", key: "registration.ttlMs", convert: secondsToMs },
  { name: "redis.heartbeat_interval_seconds", key: "registration.heartbeatMs", convert: secondsToMs },
];

/** Accepted, so that its files work, and without effect here, with why. A group that Parley lacks stands for all in it. */
export const UNUSED_PREDECESSOR_KEYS: readonly { name: string; reason: string }[] = [
  {
    name: "redis.connection_pool_size",
    reason:
      "commands of all conversations share one connection without waiting for each other; a second one waits for events",
  },
  { name: "redis.worker_key_prefix", reason: "it is `worker:`" },
  { name: "redis.worker_ttl_seconds", reason: "each worker says how long its record lives" },
  { name: "transport", reason: "the WebSocket is always there, LiveKit never" },
  { name: "routing", reason: "workers are ranked by load, latency and voice" },
  { name: "vad.enabled", reason: "it always listens" },
  { name: "vad.aggressiveness", reason: "another model; see `vad.activationThreshold`" },
  { name: "vad.sample_rate", reason: "it is 16 kHz" },
  { name: "vad.frame_duration_ms", reason: "windows are of 32 ms" },
  { name: "graceful_shutdown_timeout_s", reason: "it ends within 1.5 s" },
  { name: "worker.capabilities", reason: "they follow from the engines" },
  { name: "model_manager", reason: "all voices stay loaded" },
  { name: "audio", reason: "frames are of 20 ms at 48 kHz" },
  { name: "metrics", reason: "they are at /metrics of the orchestrator" },
  { name: "logging", reason: "logs are JSON with the session's id" },
];

export type PredecessorReading =
  | { type: "renamed"; key: string; value: unknown }
  | { type: "unused"; reason: string }
  | { type: "refused"; reason: string };

/** What a key of the predecessor means here, given the keys that there are; undefined for what it never had. */
export function readPredecessorKey(
  name: string,
  value: unknown,
  keys: ReadonlySet<string>,
): PredecessorReading | undefined {
  if (name === "redis.db") {
    if (value === 0) return { type: "unused", reason: "0 is the default" };
    return { type: "refused", reason: "write it behind the address: redis://host:6379/1" };
  }
  const renamed = PREDECESSOR_KEYS.find((one) => one.name === name && keys.has(one.key));
  if (renamed !== undefined) return { type: "renamed", key: renamed.key, value: renamed.convert?.(value) ?? value };
  const isOurs = (group: string): boolean => [...keys].some((key) => key.startsWith(group));
  const unused = UNUSED_PREDECESSOR_KEYS.find(
    (one) => name === one.name || (name.startsWith(`${one.name}.`) && !isOurs(`${one.name}.`)),
  );
  return unused === undefined ? undefined : { type: "unused", reason: unused.reason };
}

/** Those that mean one of these keys. */
export function predecessorNamesFor(keys: ReadonlySet<string>): { name: string; key: string }[] {
  return PREDECESSOR_KEYS.filter(({ key }) => keys.has(key)).map(({ name, key }) => ({ name, key }));
}

function withoutScheme(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/^grpc:\/\//, "") : value;
}

function secondsToMs(value: unknown): unknown {
  return typeof value === "number" ? value * 1_000 : value;
}

function logLevel(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const level = value.toLowerCase();
  return { warning: "warn", critical: "error" }[level] ?? level;
}

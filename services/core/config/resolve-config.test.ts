import { describe, expect, it } from "vitest";
import { listConfigKeys } from "#contracts/config/config-key";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import { WorkerConfig } from "#contracts/config/worker";
import { parseWith } from "#contracts/parse";
import { entriesOfEnvironment, entriesOfTree, type ConfigEntry } from "./config-entry";
import { withOneRedisPlace } from "./one-redis-place";
import { resolveConfig, type ResolvedConfig } from "./resolve-config";
import { shownValue } from "./shown-value";

const keys = listConfigKeys(OrchestratorConfig);
const otherKeys = listConfigKeys(WorkerConfig);

function resolve(entries: readonly ConfigEntry[]): ResolvedConfig<OrchestratorConfig> {
  return resolveConfig({
    keys,
    otherKeys,
    entries: withOneRedisPlace(entries),
    check: (raw) => parseWith(OrchestratorConfig, raw),
  });
}

const inFile = (tree: unknown): ConfigEntry[] => entriesOfTree(tree, keys, { source: "file", origin: "my.yaml" });
const inProfile = (tree: unknown): ConfigEntry[] =>
  entriesOfTree(tree, [...keys, ...otherKeys], { source: "profile", origin: "lan.yaml" });
const inEnvironment = (env: Record<string, string>): ConfigEntry[] => entriesOfEnvironment(env, keys);
const flag = (key: string, value: unknown): ConfigEntry => ({ key, value, source: "flag", origin: "--set" });

function keyOf(resolved: ResolvedConfig<unknown>, name: string) {
  const found = resolved.keys.find(({ key }) => key.key === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return { value: shownValue(found), source: found.source, origin: found.origin };
}

describe("the configuration", () => {
  it("is the defaults where nobody says anything, and so is what stands empty in a file", () => {
    expect(resolve(inFile({ server: null, brain: { endpoint: null } })).config).toEqual(OrchestratorConfig.parse({}));
    expect(keyOf(resolve([]), "server.port")).toEqual({ value: 8080, source: "default", origin: "" });
  });

  it("each source goes before those in front of it, key by key", () => {
    const layers = [
      inFile({ server: { host: "file", port: 1, maxSessions: 1 }, log: { level: "warn" } }),
      inProfile({ server: { host: "profile", port: 2, maxSessions: 2 } }),
      inEnvironment({ PARLEY_SERVER_HOST: "environment", PARLEY_SERVER_PORT: "3" }),
      [flag("server.host", "flag")],
    ];
    const resolved = resolve(layers.flat());
    expect(resolved.config.server).toMatchObject({ host: "flag", port: 3, maxSessions: 2 });
    expect(keyOf(resolved, "server.host")).toEqual({ value: "flag", source: "flag", origin: "--set" });
    expect(keyOf(resolved, "server.port")).toEqual({ value: 3, source: "environment", origin: "PARLEY_SERVER_PORT" });
    expect(keyOf(resolved, "server.maxSessions").origin).toBe("lan.yaml");
    expect(keyOf(resolved, "log.level").origin).toBe("my.yaml");
  });

  it.each([
    [{ redis: { ulr: "x" } }, "my.yaml: there is no redis.ulr; did you mean redis.url?"],
    [{ sever: { port: 1 } }, "did you mean server.port?"],
    [{ server: { Port: 1 } }, "did you mean server.port?"],
    [{ server: 8080 }, "server is a group of keys: server.host, server.port"],
    [{ server: { port: { a: 1 } } }, "my.yaml: server.port: "],
    [["server"], "it must hold keys"],
    [{ vad: { activatoinThreshold: 0.5 } }, "did you mean vad.activationThreshold?"],
    [{ __proto__x: 1 }, "there is no __proto__x"],
  ])("refuses %j and says what was meant", (tree, words) => {
    expect(() => resolve(inFile(tree))).toThrow(expect.objectContaining({ code: "bad-config" }));
    expect(() => resolve(inFile(tree))).toThrow(words);
  });

  it("tells every wrong value with where it stands", () => {
    const entries = [...inFile({ turn: { endpointDelayMs: 5 } }), ...inEnvironment({ PARLEY_SERVER_PORT: "many" })];
    expect(() => resolve(entries)).toThrow(/my\.yaml: turn\.endpointDelayMs: .*100/);
    expect(() => resolve(entries)).toThrow(/PARLEY_SERVER_PORT: server\.port: /);
  });

  it("a profile may hold the other service's keys, a file not", () => {
    expect(resolve(inProfile({ worker: { host: "0.0.0.0" } })).config).toEqual(OrchestratorConfig.parse({}));
    expect(() => resolve(inFile({ worker: { host: "0.0.0.0" } }))).toThrow("there is no worker.host");
  });
});

describe("the environment", () => {
  it("says numbers, switches and lists as text; an empty variable says nothing", () => {
    const { config } = resolve(
      inEnvironment({
        PARLEY_TURN_PREEMPTIVE: "0",
        PARLEY_ECHO_CANCEL: "TRUE",
        PARLEY_VAD_ACTIVATION_THRESHOLD: "0.6",
        PARLEY_SERVER_ALLOWED_HOSTS: "a.lan, b.lan",
        PARLEY_SERVER_PORT: "",
        REDIS_URL: "",
        PARLEY_REDIS_URL: "redis://b",
      }),
    );
    expect(config).toMatchObject({
      turn: { preemptive: false },
      echo: { cancel: true },
      vad: { activationThreshold: 0.6 },
      server: { allowedHosts: ["a.lan", "b.lan"], port: 8080 },
      redis: { url: "redis://b" },
    });
  });

  it("has one variable for each key", () => {
    for (const all of [keys, otherKeys]) {
      const variables = all.flatMap((key) => key.variables);
      expect(new Set(variables).size).toBe(variables.length);
    }
  });
});

describe("the place of the Redis", () => {
  it("is the one that the last source names", () => {
    const { config } = resolve([
      ...inFile({ redis: { url: "redis://a", ca_file: "ca.pem" } }),
      ...inEnvironment({ REDIS_SENTINELS: "s:26379", REDIS_SENTINEL_NAME: "tts" }),
    ]);
    expect(config.redis).toMatchObject({ url: "", sentinels: ["s:26379"], sentinel_name: "tts", ca_file: "ca.pem" });
  });

  it("an empty address takes nothing back", () => {
    expect(resolve([...inFile({ redis: { cluster: ["c:1"] } }), flag("redis.url", "")]).config.redis.cluster).toEqual([
      "c:1",
    ]);
  });
});

describe("names of the predecessor", () => {
  it("mean Parley's", () => {
    const { config, unused } = resolve(
      inFile({
        transport: {
          websocket: { enabled: true, host: "0.0.0.0", port: 9000, max_connections: 100 },
          livekit: { a: 1 },
        },
        redis: {
          url: "redis://redis:6379",
          db: 0,
          connection_pool_size: 10,
          socket_timeout: 5,
          socket_connect_timeout: 3,
        },
        routing: { static_worker_addr: "grpc://localhost:7001", prefer_resident_models: true },
        vad: { enabled: true, min_speech_duration_ms: 100, min_silence_duration_ms: 300 },
        log_level: "WARNING",
      }),
    );
    expect(config).toMatchObject({
      server: { host: "0.0.0.0", port: 9000, maxSessions: 100 },
      redis: { url: "redis://redis:6379", socket_timeout: 5, socket_connect_timeout: 3 },
      foreign: { workers: ["localhost:7001"] },
      vad: { minSpeechMs: 100, minSilenceMs: 300 },
      log: { level: "warn" },
    });
    expect(unused.map(({ key }) => key)).toEqual([
      "transport.websocket.enabled",
      "transport.livekit.a",
      "redis.db",
      "redis.connection_pool_size",
      "routing.prefer_resident_models",
      "vad.enabled",
    ]);
  });

  it("of a worker too, in seconds", () => {
    const entries = entriesOfTree(
      {
        worker: { grpc_port: 7009, capabilities: { max_concurrent_sessions: 3, streaming: true } },
        redis: { registration_ttl_seconds: 30, heartbeat_interval_seconds: 10 },
        model_manager: { ttl_ms: 1 },
        logging: { level: "CRITICAL", format: "json" },
      },
      otherKeys,
      { source: "file", origin: "w.yaml" },
    );
    const check = (raw: unknown) => parseWith(WorkerConfig, raw);
    expect(resolveConfig({ keys: otherKeys, otherKeys: keys, entries, check }).config).toMatchObject({
      worker: { port: 7009, capacity: 3 },
      registration: { ttlMs: 30_000, heartbeatMs: 10_000 },
      log: { level: "error" },
    });
  });

  it("another database than 0 is refused, as it would be another fleet", () => {
    expect(() => resolve(inFile({ redis: { db: 2 } }))).toThrow("write it behind the address");
  });
});

describe("what is shown", () => {
  it("holds no secret", () => {
    const resolved = resolve([
      flag("redis.url", "rediss://me:s/e@cret@redis.lan:6380/2"),
      flag("redis.sentinels", ["redis://:x@h:1"]),
      flag("brain.endpoint.url", "https://token@a.test/v1"),
      flag("brain.endpoint.apiKey", "sk-1"),
    ]);
    expect(keyOf(resolved, "redis.url").value).toBe("rediss://me:(hidden)@redis.lan:6380/2");
    expect(keyOf(resolved, "redis.sentinels").value).toEqual(["redis://:(hidden)@h:1"]);
    expect(keyOf(resolved, "brain.endpoint.url").value).toBe("https://(hidden)@a.test/v1");
    expect(keyOf(resolved, "brain.endpoint.apiKey").value).toBe("(hidden)");
  });
});

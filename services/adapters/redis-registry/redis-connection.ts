import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { Redis } from "ioredis";
import { AppError } from "#contracts/errors";
import { createDeferred } from "#core/lifecycle/deferred";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { Random } from "#core/ports/ids";
import type { Logger } from "#core/ports/logger";
import type { RedisServerState } from "#core/ports/redis-status";
import { parseRedisUrl, type RedisAddress } from "./redis-address";
import { isAuthError, isOutage, toRedisError } from "./redis-errors";
import { diagnose } from "./diagnose";
import { registryScripts, type ScriptName } from "./registry-scripts";
import { checkServer } from "./server-check";
import { readServerState } from "./server-state";

/** The whole start: TCP, TLS, login and the check of the server. Leaves room below the 3.5 s in which it must be told. */
const START_DEADLINE_MS = 2_600;
/** Below the 2 s in which every registry call must answer. */
const COMMAND_TIMEOUT_MS = 1_500;
/** Silence of the socket for this long ends it; the watchdog's PING makes sure that a healthy one is never silent. */
const SOCKET_TIMEOUT_MS = 4_000;
const WATCHDOG_INTERVAL_MS = 1_000;
const MAX_BACKOFF_MS = 1_000;

export interface RedisConnectionOptions {
  /** `redis://` or `rediss://`; a password in it is used unless `password` is given. */
  url: string;
  password?: string;
  /** PEM file with the authority that signed the server's certificate, for `rediss://`. Default: those that Node knows. */
  caFile?: string;
  clock: Clock;
  log: Logger;
  /** Spreads the reconnects of many clients. */
  random?: Random;
}

/** A control connection: fails fast, never queues, never sends a command twice, and comes back by itself. */
export interface RedisConnection {
  /** host:port, without secrets. */
  readonly address: string;
  runScript(script: ScriptName, prefix: string, args: readonly (string | number)[]): Promise<unknown>;
  setWithTtl(key: string, ttlS: number, value: string): Promise<void>;
  remove(key: string): Promise<void>;
  describeServer(): Promise<RedisServerState>;
  close(): void;
}

/**
 * Connects and checks the server. Rejects within 3.5 s with a `redis-*` code that says why, `bad-config`, or
 * `file-unreadable` for the CA; later calls reject with one of these or `registry-unavailable`.
 */
export async function connectToRedis(options: RedisConnectionOptions): Promise<RedisConnection> {
  const address = parseRedisUrl(options.url);
  const ca = options.caFile === undefined || !address.isTls ? undefined : await readCa(options.caFile);
  const supervised = createClient(address, { ...options, ca });
  try {
    await supervised.start();
  } catch (error) {
    supervised.close();
    throw await diagnose(error, address, options.clock);
  }
  const { client } = supervised;
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw supervised.explain(error);
    }
  };
  return {
    address: address.shown,
    runScript: (script, prefix, args) => guarded(() => client[script](prefix, ...args)),
    setWithTtl: (key, ttlS, value) => guarded(async () => void (await client.setex(key, ttlS, value))),
    remove: (key) => guarded(async () => void (await client.del(key))),
    describeServer: () => guarded(() => readServerState(client, options.clock)),
    close: () => supervised.close(),
  };
}

async function readCa(file: string): Promise<string> {
  try {
    const text = await readFile(file, "utf8");
    if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  } catch (error) {
    throw new AppError("file-unreadable", { detail: file, cause: error });
  }
  throw new AppError("file-unreadable", { detail: `${file} is no certificate in PEM form` });
}

type ScriptClient = Redis & Record<ScriptName, (prefix: string, ...args: (string | number)[]) => Promise<unknown>>;

interface SupervisedClient {
  client: ScriptClient;
  start(): Promise<void>;
  explain(error: unknown): AppError;
  close(): void;
}

function createClient(
  address: RedisAddress,
  options: RedisConnectionOptions & { ca: string | undefined },
): SupervisedClient {
  const { clock, log, random = Math.random } = options;
  let state: "starting" | "connected" | "lost" | "refused" | "closed" = "starting";
  let lastError: unknown;
  let lastReadOnlyAtMs = Number.NEGATIVE_INFINITY;
  let watchdog: Disposable | undefined;

  const client = new Redis({
    host: address.host,
    port: address.port,
    username: address.username,
    password: options.password ?? address.password,
    db: address.db,
    tls: address.isTls
      ? { servername: isIP(address.host) === 0 ? address.host : undefined, minVersion: "TLSv1.2", ca: options.ca }
      : undefined,
    scripts: registryScripts,
    connectionName: "parley-registry",
    lazyConnect: true,
    connectTimeout: START_DEADLINE_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    // A silent peer never answers the end of the stream; the socket is destroyed then.
    disconnectTimeout: 200,
    keepAlive: 5_000,
    noDelay: true,
    // A heartbeat or a lease that arrives late is worse than none, and one that arrives twice is wrong.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // 0 rejects what was under way as soon as the connection breaks. With 1 a command would wait for its timeout when the
    // first reconnect succeeds.
    maxRetriesPerRequest: 0,
    // Servers before 7.2 answer it with errors, which would hide "max number of clients reached".
    disableClientInfo: true,
    retryStrategy: (attempt) =>
      state === "connected" || state === "lost"
        ? Math.min(50 * 2 ** (attempt - 1), MAX_BACKOFF_MS) * (0.75 + random() * 0.5)
        : null,
    // A server that became a replica: look again, at most once a second, as the address may lead to the new master.
    reconnectOnError: (error) => {
      if (!/^(READONLY|MASTERDOWN)/.test(error.message) || clock.nowMs() - lastReadOnlyAtMs < 1_000) return false;
      lastReadOnlyAtMs = clock.nowMs();
      return 1;
    },
  }) as ScriptClient;

  client.on("error", (error: unknown) => {
    lastError ??= error;
    if (state !== "starting" && isAuthError(error)) {
      state = "refused";
      lastError = error;
      log.error("redis refused the login, no further attempts", { address: address.shown });
    }
  });
  client.on("close", () => {
    if (state !== "connected") return;
    state = "lost";
    log.warn("redis connection lost", { address: address.shown });
  });
  client.on("ready", () => {
    lastError = undefined;
    if (state !== "lost") return;
    state = "connected";
    log.info("redis connection restored", { address: address.shown });
  });

  const watch = (): void => {
    if (client.status !== "ready") return;
    // A silent peer keeps the socket open: a new connection finds out sooner whether the server is back.
    client.ping().catch(() => {
      if (client.status === "ready") client.disconnect(true);
    });
  };

  return {
    client,
    async start() {
      const tooLate = createDeferred<never>();
      const deadline = clock.setTimer(START_DEADLINE_MS, () =>
        tooLate.reject(new AppError("redis-unreachable", { detail: `${address.shown}: no answer` })),
      );
      const login = async (): Promise<void> => {
        await client.connect();
        await checkServer(client, address.shown);
      };
      try {
        await Promise.race([login(), tooLate.promise]);
      } catch (error) {
        throw error instanceof AppError ? error : (lastError ?? error);
      } finally {
        deadline.dispose();
      }
      state = "connected";
      lastError = undefined;
      watchdog = clock.setRepeating(WATCHDOG_INTERVAL_MS, watch);
    },
    explain(error) {
      if (state === "refused") return toRedisError(lastError ?? error, address.shown);
      const known = toRedisError(error, address.shown);
      return isOutage(known)
        ? new AppError("registry-unavailable", { detail: `no answer from ${address.shown}`, cause: error })
        : known;
    },
    close() {
      state = "closed";
      watchdog?.dispose();
      client.disconnect();
    },
  };
}

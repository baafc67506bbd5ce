import { readFile } from "node:fs/promises";
import { AppError } from "#contracts/errors";
import { DEFAULT_REDIS_TIMEOUTS, type RedisTimeouts } from "#contracts/registry/redis-timeouts";
import type { Clock } from "#core/ports/clock";
import type { Random } from "#core/ports/ids";
import type { Logger } from "#core/ports/logger";
import type { RedisServerState } from "#core/ports/redis-status";
import type { ForeignEntry } from "#core/ports/worker-registry";
import { parseRedisUrl } from "./redis-address";
import { readEntries } from "./foreign-entries";
import { superviseClient, type SupervisedClient } from "./redis-client";
import { diagnose } from "./diagnose";
import type { ScriptName } from "./registry-scripts";
import { checkServer } from "./server-check";
import { readServerState } from "./server-state";

export interface RedisConnectionOptions {
  /** `redis://` or `rediss://`; a password in it is used unless `password` is given. */
  url: string;
  password?: string;
  /** File with the password, read anew when the server refuses the one before. */
  passwordFile?: string;
  /** PEM file with the authority that signed the server's certificate, for `rediss://`. Default: those that Node knows. */
  caFile?: string;
  /** Default: `DEFAULT_REDIS_TIMEOUTS`. */
  timeouts?: RedisTimeouts;
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
  /** What stands under keys of these patterns, 256 at most. */
  readEntries(patterns: readonly string[]): Promise<ForeignEntry[]>;
  describeServer(): Promise<RedisServerState>;
  /** The server's clock, as ms of the wall clock. */
  serverTimeMs(): Promise<number>;
  /** A second connection to the same server, for reads that wait. It connects as soon as it can. */
  openEvents(): EventConnection;
  close(): void;
}

export interface EventConnection {
  /** Numbers and worker names of the events after `position`, as soon as there are some, at most 2 s later. */
  read(key: string, position: number): Promise<{ seq: number; name: string }[]>;
  close(): void;
}

/** A socket that is silent for longer than the connection's limit is ended, so this must stay well below. */
const EVENTS_WAIT_MS = 2_000;
const EVENTS_READY_MS = 1_000;
const EVENTS_AT_ONCE = 500;

/**
 * Connects and checks the server. Rejects within `timeouts.connectMs` and 0.9 s with a `redis-*` code that says why, `bad-config`, or
 * `file-unreadable` for the CA; later calls reject with one of these or `registry-unavailable`.
 */
export async function connectToRedis(options: RedisConnectionOptions): Promise<RedisConnection> {
  const address = parseRedisUrl(options.url);
  const ca = options.caFile === undefined || !address.isTls ? undefined : await readCa(options.caFile);
  const { clock, log, random = Math.random, passwordFile, timeouts = DEFAULT_REDIS_TIMEOUTS } = options;
  const readPassword = passwordFile === undefined ? noPassword : () => readPasswordFile(passwordFile);
  const open = (role: "control" | "events", password: string | undefined): SupervisedClient =>
    superviseClient(address, { password, readPassword, ca, timeouts, clock, log, random, role });
  const supervised = open("control", options.password);
  const { client } = supervised;
  try {
    await supervised.start((started) => checkServer(started, address));
  } catch (error) {
    supervised.close();
    throw await diagnose(error, address, clock);
  }
  const guard =
    ({ explain }: SupervisedClient) =>
    async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await work();
      } catch (error) {
        throw explain(error);
      }
    };
  const guarded = guard(supervised);
  return {
    address: address.shown,
    runScript: (script, prefix, args) => guarded(() => client[script](prefix, ...args)),
    setWithTtl: (key, ttlS, value) => guarded(async () => void (await client.setex(key, ttlS, value))),
    remove: (key) => guarded(async () => void (await client.del(key))),
    readEntries: (patterns) => guarded(() => readEntries(client, patterns)),
    describeServer: () => guarded(() => readServerState(client, clock)),
    serverTimeMs: () =>
      guarded(async () => {
        const [seconds, microseconds] = await client.time();
        return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
      }),
    openEvents() {
      const events = open("events", supervised.password);
      const guardedRead = guard(events);
      events.startLater();
      return {
        read: (key, position) => guardedRead(() => readEvents(events, clock, { key, position })),
        close: () => events.close(),
      };
    },
    close: () => supervised.close(),
  };
}

const noPassword = (): Promise<undefined> => Promise.resolve(undefined);

async function readEvents(
  { client }: SupervisedClient,
  clock: Clock,
  { key, position }: { key: string; position: number },
): Promise<{ seq: number; name: string }[]> {
  if (client.status !== "ready") await untilReady(client, clock);
  const streams = await client.xread(
    ...(["COUNT", EVENTS_AT_ONCE, "BLOCK", EVENTS_WAIT_MS, "STREAMS", key, `${position}-0`] as const),
  );
  const entries = streams?.[0]?.[1] ?? [];
  return entries.map(([id, fields]) => ({ seq: Number(id.split("-", 1)[0]), name: fields[1] ?? "" }));
}

/** Waits a moment for the connection; the call after it says what is wrong. */
function untilReady(client: SupervisedClient["client"], clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      timer.dispose();
      client.off("ready", settle);
      resolve();
    };
    const timer = clock.setTimer(EVENTS_READY_MS, settle);
    client.once("ready", settle);
  });
}

/** Editors end a file with a line break. */
async function readPasswordFile(file: string): Promise<string> {
  return (await readFile(file, "utf8")).replace(/\r?\n$/, "");
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

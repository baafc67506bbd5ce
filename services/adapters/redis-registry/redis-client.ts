import type { Redis } from "ioredis";
import { AppError } from "#contracts/errors";
import type { RedisTimeouts } from "#contracts/registry/redis-timeouts";
import { createDeferred } from "#core/lifecycle/deferred";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { Random } from "#core/ports/ids";
import type { Logger } from "#core/ports/logger";
import { openClient, type ScriptClient } from "./open-client";
import type { RedisAddress } from "./redis-address";
import { diagnose } from "./diagnose";
import { isAuthError, isOutage, reasonOf, toRedisError } from "./redis-errors";

/**
 * Silence of the socket for this long ends it, whatever was asked; the watchdog's PING makes sure that a healthy one is never
 * silent. A command may be waited for up to its own limit, and events for 2 s at the server, so it is longer than both.
 */
const MIN_SOCKET_TIMEOUT_MS = 4_000;
const SILENCE_BEYOND_COMMAND_MS = 2_500;
const WATCHDOG_INTERVAL_MS = 1_000;
const MIN_BACKOFF_MS = 50;
const MAX_BACKOFF_MS = 1_000;
/**
 * Of a server that accepts a connection and says nothing. A new connection finds out sooner whether it is back; on a slow
 * link login and first question, four round trips at most, take as many times longer as the connection took.
 */
const SILENT_LOGIN_MS = 500;
const LOGIN_PER_CONNECT = 8;
/** While the login is refused: how often the password is looked at, and after how many looks the same one is tried again. */
const REFUSED_LOOK_MS = 500;
const LOOKS_PER_ATTEMPT = 4;

/** What `readPassword` gives is used from the next login on; undefined: there is none to read. */
export type ReadPassword = () => Promise<string | undefined>;

export interface SupervisedClientOptions {
  password: string | undefined;
  readPassword: ReadPassword;
  ca: string | undefined;
  timeouts: RedisTimeouts;
  clock: Clock;
  log: Logger;
  random: Random;
  /** "events": reads that wait at the server for up to 2 s; no time limit of their own, the socket's silence ends them. */
  role: "control" | "events";
}

export interface SupervisedClient {
  readonly client: ScriptClient;
  /** Of the last login. */
  readonly password: string | undefined;
  /** The first connection and `check`, within `timeouts.connectMs`; from then on it comes back by itself. */
  start(check: (client: Redis) => Promise<void>): Promise<void>;
  /** Connects as soon as that is possible; never rejects. */
  startLater(): void;
  /** Why a call failed, in the user's words. */
  explain(error: unknown): AppError;
  close(): void;
}

/** Fails fast, never queues, never sends a command twice, and comes back by itself, after a refused login too. */
export function superviseClient(address: RedisAddress, options: SupervisedClientOptions): SupervisedClient {
  const { clock, log, random, role, timeouts } = options;
  const isControl = role === "control";
  let state: "starting" | "connected" | "lost" | "refused" | "closed" = "starting";
  let lastError: unknown;
  let lastReadOnlyAtMs = Number.NEGATIVE_INFINITY;
  let watchdog: Disposable | undefined;
  let retry: Disposable | undefined;
  let login: Disposable | undefined;
  let wasSilent = false;
  let connectingAtMs = clock.nowMs();

  const opened = openClient(address, {
    password: options.password ?? address.password,
    ca: options.ca,
    connectionName: `parley-${role}`,
    lazyConnect: true,
    connectTimeout: timeouts.connectMs,
    ...(isControl ? { commandTimeout: timeouts.commandMs } : {}),
    socketTimeout: Math.max(MIN_SOCKET_TIMEOUT_MS, timeouts.commandMs + SILENCE_BEYOND_COMMAND_MS),
    // A silent peer never answers the end of the stream; the socket is destroyed then.
    disconnectTimeout: 50,
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
    retry(attempt) {
      if (state !== "connected" && state !== "lost") return null;
      // A login that nobody answered has lasted long enough.
      const delayMs = wasSilent ? MIN_BACKOFF_MS : Math.min(MIN_BACKOFF_MS * 2 ** (attempt - 1), MAX_BACKOFF_MS);
      return delayMs * (0.75 + random() * 0.5);
    },
    // A server that became a replica: look again, at most once a second, as the address may lead to the new master.
    reconnectOnError: (error) => {
      if (!/^(READONLY|MASTERDOWN)/.test(error.message) || clock.nowMs() - lastReadOnlyAtMs < 1_000) return false;
      lastReadOnlyAtMs = clock.nowMs();
      return 1;
    },
  });
  const { client } = opened;

  /** Ends at 'ready'. A password that was changed at the server is changed in its file sooner or later, or changed back. */
  const tryAgain = (): void => {
    let looks = 0;
    retry?.dispose();
    retry = clock.setRepeating(REFUSED_LOOK_MS, () => {
      looks += 1;
      const isDue = looks % LOOKS_PER_ATTEMPT === 0;
      options.readPassword().then(
        (password) => {
          if (state !== "refused") return;
          const isChanged = password !== undefined && password !== opened.password;
          if (isChanged) opened.password = password;
          if ((isChanged || isDue) && client.status === "end") client.connect().catch(() => undefined);
        },
        (error: unknown) => log.warn("the password file cannot be read", { error }),
      );
    });
  };

  // What ends an attempt is often only told by its first error: a broken pipe follows a refusal.
  let isNewAttempt = true;
  client.on("connecting", () => {
    isNewAttempt = true;
    wasSilent = false;
    connectingAtMs = clock.nowMs();
  });
  client.on("connect", () => {
    if (state !== "lost" || address.place.type !== "server") return;
    const limitMs = Math.max(SILENT_LOGIN_MS, LOGIN_PER_CONNECT * (clock.nowMs() - connectingAtMs));
    login = clock.setTimer(limitMs, () => {
      wasSilent = true;
      client.disconnect(true);
    });
  });
  client.on("error", (error: unknown) => {
    if (isNewAttempt) lastError = error;
    isNewAttempt = false;
    if (state === "starting" || state === "closed" || !isAuthError(error)) return;
    if (state === "refused") return;
    state = "refused";
    log.error("redis refuses the login", { address: address.shown });
    tryAgain();
  });
  let diagnosis: AppError | undefined;
  let isDiagnosing = false;
  /** A server that closes a connection at once says why only to those who ask it plainly. */
  const askWhy = async (): Promise<void> => {
    if (isDiagnosing || !isControl || state !== "lost") return;
    isDiagnosing = true;
    diagnosis = await diagnose(lastError, address, clock);
    isDiagnosing = false;
  };
  client.on("close", () => {
    login?.dispose();
    void askWhy();
    if (state !== "connected") return;
    state = "lost";
    if (isControl) log.warn("redis connection lost", { address: address.shown });
  });
  client.on("ready", () => {
    login?.dispose();
    lastError = undefined;
    diagnosis = undefined;
    retry?.dispose();
    if (state !== "lost" && state !== "refused") return;
    state = "connected";
    if (isControl) log.info("redis connection restored", { address: address.shown });
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
    get password() {
      return opened.password;
    },
    async start(check) {
      const tooLate = createDeferred<never>();
      const deadline = clock.setTimer(timeouts.connectMs, () =>
        tooLate.reject(new AppError("redis-unreachable", { detail: `${address.shown}: no answer` })),
      );
      let firstError: unknown;
      const note = (error: unknown): void => void (firstError ??= error);
      client.on("error", note);
      const open = async (): Promise<void> => {
        await client.connect();
        await check(client);
      };
      try {
        await Promise.race([open(), tooLate.promise]);
      } catch (error) {
        throw error instanceof AppError ? error : (firstError ?? error);
      } finally {
        client.off("error", note);
        deadline.dispose();
      }
      state = "connected";
      lastError = undefined;
      if (isControl) watchdog = clock.setRepeating(WATCHDOG_INTERVAL_MS, watch);
    },
    startLater() {
      state = "lost";
      client.connect().catch(() => undefined);
    },
    explain(error) {
      const cause = lastError ?? error;
      const known = toRedisError(cause, address.shown);
      if (state === "refused" || !isOutage(known)) return known;
      if (diagnosis !== undefined && diagnosis.code !== "redis-unreachable") return diagnosis;
      return new AppError("registry-unavailable", { detail: `${address.shown}: ${reasonOf(cause)}`, cause });
    },
    close() {
      state = "closed";
      watchdog?.dispose();
      retry?.dispose();
      login?.dispose();
      client.disconnect();
    },
  };
}

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { AppError } from "#contracts/errors";
import { createDeferred } from "#core/lifecycle/deferred";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import type { RedisBinary } from "#core/ports/redis-server";
import { identifyServer, type ServerIdentity } from "./ask-redis";

export const PRIVATE_HOST = "127.0.0.1";

export interface RedisChildOptions {
  binary: RedisBinary;
  /** Its working folder; it writes nothing there. */
  runtimeDir: string;
  port: number;
  password: string;
  clock: Clock;
  log: Logger;
}

/** A running server that has proven to be the process that was started. */
export interface RedisChild {
  readonly identity: ServerIdentity;
  readonly exited: Promise<void>;
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

/** Spawn to first answer takes 20 to 40 ms; a machine under load needs longer. */
const START_TIMEOUT_MS = 5_000;
const ASK_TIMEOUT_MS = 1_000;
const ASK_INTERVAL_MS = 10;
const KEPT_LINES = 5;

/**
 * Starts a server and resolves once it answers to the password *and* is our child: a port that is in use would otherwise look
 * like success, answered by someone else's Redis. Rejects with `child-failed`; nothing is left running then. Once it has resolved, its
 * caller ends the server.
 */
export async function startRedisChild(options: RedisChildOptions): Promise<RedisChild> {
  // A group of its own: Ctrl-C in a terminal reaches the app, which stops the server after those who use it.
  const child = spawn(options.binary.path, ["-"], {
    cwd: options.runtimeDir,
    env: { ...options.binary.env },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  const lastLines = collectLines(child, options.log);
  const ended = createDeferred<void>();
  child.once("exit", () => ended.resolve());
  child.once("error", (error) => {
    lastLines.push(error.message);
    ended.resolve();
  });
  const endWithOwner = (): void => void child.kill("SIGKILL");
  process.once("exit", endWithOwner);
  child.stdin.on("error", () => undefined);
  child.stdin.end(serverConfig(options));
  try {
    const identity = await untilIdentified(child, ended.promise, options);
    return { identity, exited: ended.promise, kill: (signal) => void child.kill(signal) };
  } catch (error) {
    child.kill("SIGKILL");
    await ended.promise;
    throw new AppError("child-failed", { detail: `${options.binary.label}: ${lastLines.join(" | ")}`, cause: error });
  } finally {
    process.removeListener("exit", endWithOwner);
  }
}

async function untilIdentified(
  child: ChildProcess,
  ended: Promise<void>,
  options: RedisChildOptions,
): Promise<ServerIdentity> {
  const { clock, port, password } = options;
  const deadlineAtMs = clock.nowMs() + START_TIMEOUT_MS;
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  for (;;) {
    let failure: unknown;
    try {
      const identity = await identifyServer({ host: PRIVATE_HOST, port, password, timeoutMs: ASK_TIMEOUT_MS });
      if (hasEnded || identity.processId !== child.pid) throw new Error("another server answers on this port");
      return identity;
    } catch (error) {
      failure = error;
    }
    if (hasEnded || clock.nowMs() > deadlineAtMs) throw failure;
    await Promise.race([ended, new Promise<void>((resolve) => void clock.setTimer(ASK_INTERVAL_MS, resolve))]);
  }
}

/** Soft state only, so nothing goes to disk; on stdin, so that neither a file nor the process list shows the password. */
function serverConfig(options: RedisChildOptions): string {
  const lines = [
    `bind ${PRIVATE_HOST}`,
    `port ${options.port}`,
    "protected-mode yes",
    `requirepass ${options.password}`,
    'save ""',
    "appendonly no",
    "maxmemory 64mb",
    "maxmemory-policy noeviction",
    "maxclients 512",
    "timeout 0",
    "tcp-keepalive 30",
    "latency-monitor-threshold 25",
    "slowlog-log-slower-than 5000",
    'notify-keyspace-events ""',
    "loglevel warning",
  ];
  return `${lines.join("\n")}\n`;
}

function collectLines(child: ChildProcess, log: Logger): string[] {
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface(stream).on("line", (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      log.debug("private redis says", { line });
    });
  }
  return lines;
}

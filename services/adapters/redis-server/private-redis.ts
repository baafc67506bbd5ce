import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { AppError } from "#contracts/errors";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { Ids } from "#core/ports/ids";
import type { Logger } from "#core/ports/logger";
import type { PrivateRedis, RedisBinary } from "#core/ports/redis-server";
import { PRIVATE_HOST, type RedisChild, startRedisChild } from "./redis-child";
import { endOrphans, lockPath, type ProcessIdentity, writeLock } from "./server-lock";

export interface PrivateRedisOptions {
  binary: RedisBinary;
  /** For the lock file; made when missing, for this user alone. */
  runtimeDir: string;
  clock: Clock;
  ids: Ids;
  log: Logger;
}

/** Another program may take the chosen port first. */
const PORT_ATTEMPTS = 5;
const FIRST_BACKOFF_MS = 20;
const MAX_BACKOFF_MS = 5_000;
/** Up for this long, a server counts as healthy, and the next crash begins at the first back-off. */
const HEALTHY_AFTER_MS = 30_000;
/** SIGTERM takes about 100 ms. */
const STOP_TIMEOUT_MS = 2_000;

/**
 * Starts a private server on a random loopback port with a random password, nothing on disk, and watches over it.
 * Rejects with `child-failed` when it cannot be started, and with `file-unreadable` when the lock file can have no folder; nothing is left
 * running then.
 */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  const self: ProcessIdentity = { pid: process.pid, startedAtMs: performance.timeOrigin };
  await mkdir(options.runtimeDir, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new AppError("file-unreadable", { detail: options.runtimeDir, cause: error });
  });
  await endOrphans(options.runtimeDir, self, options.log);
  const server = new SupervisedRedis(options, self);
  await server.startFirst();
  return server;
}

class SupervisedRedis implements PrivateRedis {
  readonly password: string;
  readonly #options: PrivateRedisOptions;
  readonly #self: ProcessIdentity;
  readonly #lockFile: string;
  #port = 0;
  #child: RedisChild | undefined;
  #retry: Disposable | undefined;
  #starting: Promise<void> | undefined;
  #failureCount = 0;
  #startedAtMs = 0;
  #isStopping = false;

  constructor(options: PrivateRedisOptions, self: ProcessIdentity) {
    this.#options = options;
    this.#self = self;
    this.password = `${options.ids.secret()}${options.ids.secret()}`;
    this.#lockFile = lockPath(options.runtimeDir, options.ids.next("server"));
  }

  get address(): string {
    return `${PRIVATE_HOST}:${this.#port}`;
  }

  get url(): string {
    return `redis://${this.address}`;
  }

  pid(): number | undefined {
    return this.#child?.identity.processId;
  }

  async startFirst(): Promise<void> {
    let failure: unknown;
    process.once("exit", this.#endWithOwner);
    for (let attempt = 0; attempt < PORT_ATTEMPTS; attempt += 1) {
      this.#port = await findFreePort();
      try {
        await this.#start();
        return;
      } catch (error) {
        failure = error;
      }
    }
    process.removeListener("exit", this.#endWithOwner);
    throw failure instanceof AppError ? failure : new AppError("child-failed", { cause: failure });
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#retry?.dispose();
    process.removeListener("exit", this.#endWithOwner);
    await this.#starting?.catch(() => undefined);
    const child = this.#child;
    if (child !== undefined) {
      const force = this.#options.clock.setTimer(STOP_TIMEOUT_MS, () => child.kill("SIGKILL"));
      child.kill("SIGTERM");
      await child.exited;
      force.dispose();
    }
    await rm(this.#lockFile, { force: true });
  }

  readonly #endWithOwner = (): void => this.#child?.kill("SIGTERM");

  async #start(): Promise<void> {
    const { binary, runtimeDir, clock, log } = this.#options;
    const child = await startRedisChild({ binary, runtimeDir, clock, log, port: this.#port, password: this.password });
    this.#child = child;
    this.#startedAtMs = clock.nowMs();
    void child.exited.then(() => this.#onExit());
    const lock = { owner: this.#self, port: this.#port, password: this.password, runId: child.identity.runId };
    // Without it the server works, but would outlive a crash of its owner.
    await writeLock(this.#lockFile, lock).catch((error: unknown) =>
      log.warn("the private redis's lock file could not be written", { error }),
    );
    log.info("private redis started", {
      address: this.address,
      server: binary.label,
      childPid: child.identity.processId,
    });
  }

  #onExit(): void {
    this.#child = undefined;
    if (this.#isStopping) return;
    const { clock, log } = this.#options;
    if (clock.nowMs() - this.#startedAtMs >= HEALTHY_AFTER_MS) this.#failureCount = 0;
    log.warn("private redis ended unexpectedly, starting it again", { address: this.address });
    this.#startAgainLater();
  }

  #startAgainLater(): void {
    const delayMs = Math.min(FIRST_BACKOFF_MS * 2 ** this.#failureCount, MAX_BACKOFF_MS);
    this.#failureCount += 1;
    this.#retry = this.#options.clock.setTimer(delayMs, () => {
      this.#starting = this.#start().catch((error: unknown) => {
        if (this.#isStopping) return;
        this.#options.log.error("private redis could not be started again", { error });
        this.#startAgainLater();
      });
    });
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, PRIVATE_HOST);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new AppError("child-failed", { detail: "no free port" });
  return address.port;
}

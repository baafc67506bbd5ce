import type { z } from "zod";
import { AppError } from "#contracts/errors";
import {
  FOREIGN_KEY_PATTERNS,
  PREDECESSOR_KEY_PREFIX,
  PREDECESSOR_TTL_S,
  PREDECESSOR_WRITE_INTERVAL_MS,
} from "#contracts/registry/predecessor-record";
import { isForeignWorker, type WorkerInfo, type WorkerStats } from "#contracts/registry/worker-record";
import { parseWith } from "#contracts/parse";
import { toPredecessorRecord } from "#core/registry/predecessor-record";
import { checkRegistration } from "#core/registry/check-registration";
import type { RedisServerState, RedisStatus } from "#core/ports/redis-status";
import type {
  FleetView,
  FleetWatch,
  ForeignEntry,
  Lease,
  Registration,
  RegistryOrigin,
  WorkerRegistry,
  WorkerSnapshot,
} from "#core/ports/worker-registry";
import { watchRedisFleet, type FleetTimes } from "./fleet-watch";
import { connectToRedis, type RedisConnection, type RedisConnectionOptions } from "./redis-connection";
import {
  BeatReply,
  LeaseReply,
  LeaseUpdateReply,
  parseInfo,
  parsePage,
  PositionReply,
  ReapReply,
  RegisterReply,
  Rows,
  StatusReply,
} from "./script-replies";
import { isDamagedKey } from "./redis-errors";
import type { ScriptName } from "./registry-scripts";

export interface RedisRegistryOptions extends RedisConnectionOptions {
  origin: RegistryOrigin;
  /** Must hold a cluster hash tag. Default `parley:{r}:`. */
  keyPrefix?: string;
  /** Default: two heartbeats' TTLs of 6 s, a list every 30 s, workers forgotten after 60 s. */
  fleetTimes?: FleetTimes;
  /** Records that could not be read: workers that are left out, or whose lease was given back. */
  onDamagedRecords?(count: number): void;
  /** Default 8,000. The predecessor's tools expect a write at least every 10 s. */
  predecessorWriteIntervalMs?: number;
}

const DEFAULT_KEY_PREFIX = "parley:{r}:";
/** One page of the list costs the server about 1.5 ms, during which it answers nobody else. */
const PAGE_SIZE = 100;

/** More workers with a damaged record than this in the way of one lease: it is refused. */
const MAX_EXCLUDED = 16;

/** What this process has registered, to renew the predecessor's record of it. */
interface OwnWorker {
  info: WorkerInfo;
  generation: number;
  /** By the server's clock. */
  recordWrittenAtMs: number;
}

/** The registry in a Redis or Valkey server, shared by all who use the same server. Errors as `connectToRedis`. */
export async function createRedisRegistry(options: RedisRegistryOptions): Promise<WorkerRegistry & RedisStatus> {
  return new RedisRegistry(await connectToRedis(options), options);
}

/** Connects, checks the server and closes: resolves when the address can hold the registry. Errors as `connectToRedis`. */
export async function checkRedis(options: RedisConnectionOptions): Promise<void> {
  (await connectToRedis(options)).close();
}

/** As `checkRedis`, with all that is known of the server and of its clock: `skewMs` is its time minus this computer's. */
export async function examineRedis(options: RedisConnectionOptions): Promise<RedisServerState & { skewMs: number }> {
  const connection = await connectToRedis(options);
  try {
    const state = await connection.describeServer();
    const askedAtMs = options.clock.wallTime().getTime();
    const serverTimeMs = await connection.serverTimeMs();
    const answeredAtMs = options.clock.wallTime().getTime();
    return { ...state, skewMs: serverTimeMs - (askedAtMs + answeredAtMs) / 2 };
  } finally {
    connection.close();
  }
}

/** As `checkRedis`, and tells what the server is and how fast it answers. */
export async function testRedis(options: RedisConnectionOptions): Promise<{ roundTripMs: number; version: string }> {
  const connection = await connectToRedis(options);
  try {
    const { roundTripMs, version } = await connection.describeServer();
    return { roundTripMs, version };
  } finally {
    connection.close();
  }
}

class RedisRegistry implements WorkerRegistry, RedisStatus {
  readonly origin: RegistryOrigin;
  readonly #connection: RedisConnection;
  readonly #options: RedisRegistryOptions;
  readonly #own = new Map<string, OwnWorker>();

  constructor(connection: RedisConnection, options: RedisRegistryOptions) {
    this.#connection = connection;
    this.#options = options;
    this.origin = options.origin;
  }

  async register(request: Parameters<WorkerRegistry["register"]>[0]): ReturnType<WorkerRegistry["register"]> {
    const { info, nonce, capacity, ttlMs, state = "ready" } = checkRegistration(request);
    const args = [info.name, nonce, capacity, ttlMs, JSON.stringify(info), JSON.stringify(info.voices), state];
    const reply = await this.#run("parleyRegister", args, RegisterReply);
    if (reply[0] === "taken") {
      return {
        type: "name-taken",
        heldByHost: parseInfo(reply[1])?.host ?? "unknown",
        expiresInMs: Math.max(0, reply[2]),
      };
    }
    const own: OwnWorker = { info, generation: reply[1], recordWrittenAtMs: Number.NEGATIVE_INFINITY };
    // Of a foreign worker its own tools know, or nobody is to; with TLS the predecessor's clients cannot speak.
    if (!isForeignWorker(info) && info.isTls !== true) {
      this.#own.set(info.name, own);
      await this.#writePredecessorRecord(own, undefined, reply[2]);
    }
    return { type: "registered", registration: { name: info.name, generation: reply[1] } };
  }

  async beat(
    registration: Registration,
    beat: { ttlMs: number; stats: WorkerStats },
  ): ReturnType<WorkerRegistry["beat"]> {
    const args = [registration.name, registration.generation, beat.ttlMs, JSON.stringify(beat.stats)];
    const reply = await this.#run("parleyBeat", args, BeatReply);
    if (reply[0] !== "ok") return { type: reply[0] };
    const own = this.#own.get(registration.name);
    if (own?.generation === registration.generation) await this.#writePredecessorRecord(own, beat.stats, reply[2]);
    return { type: "ok", desiredState: reply[1] };
  }

  async unregister(registration: Registration): Promise<void> {
    const [status] = await this.#run("parleyUnregister", [registration.name, registration.generation], StatusReply);
    this.#own.delete(registration.name);
    if (status !== "stale") await this.#connection.remove(PREDECESSOR_KEY_PREFIX + registration.name);
  }

  async lease(request: Parameters<WorkerRegistry["lease"]>[0]): ReturnType<WorkerRegistry["lease"]> {
    const { requestId, voice, ttlMs, preferred = [], exclude = [] } = request;
    const args = [voice, requestId, ttlMs, JSON.stringify(preferred), JSON.stringify(exclude)];
    const reply = await this.#run("parleyLease", args, LeaseReply);
    if (reply[0] === "none") return { type: "none", reason: reply[1] };
    const [, fencingToken, generation, info, grantedTtlMs, name] = reply;
    const worker = parseInfo(info);
    if (worker === undefined) return this.#leaseAnother(request, { name, fencingToken });
    const lease = { requestId, worker, generation, fencingToken, ttlMs: grantedTtlMs };
    return { type: "granted", lease };
  }

  /** A worker whose record is damaged cannot be reached: its slot is given back, and another worker asked for. */
  async #leaseAnother(
    request: Parameters<WorkerRegistry["lease"]>[0],
    damaged: { name: string; fencingToken: number },
  ): ReturnType<WorkerRegistry["lease"]> {
    this.#noteDamaged(1);
    const exclude = [...(request.exclude ?? []), damaged.name];
    await this.#run("parleyRelease", [request.requestId, damaged.fencingToken], LeaseUpdateReply);
    if (exclude.length > MAX_EXCLUDED) return { type: "none", reason: "no-worker" };
    return this.lease({ ...request, exclude });
  }

  #noteDamaged(count: number): void {
    if (count === 0) return;
    this.#options.log.warn("damaged worker records were left out", { count });
    this.#options.onDamagedRecords?.(count);
  }

  async renew(lease: Lease): ReturnType<WorkerRegistry["renew"]> {
    const [status] = await this.#run(
      "parleyRenew",
      [lease.requestId, lease.fencingToken, lease.ttlMs],
      LeaseUpdateReply,
    );
    return status;
  }

  async release(lease: Lease): ReturnType<WorkerRegistry["release"]> {
    const [status] = await this.#run("parleyRelease", [lease.requestId, lease.fencingToken], LeaseUpdateReply);
    return status;
  }

  async setDesiredState(
    ...[name, state]: Parameters<WorkerRegistry["setDesiredState"]>
  ): ReturnType<WorkerRegistry["setDesiredState"]> {
    const [status] = await this.#run("parleySetState", [name, state], StatusReply);
    return status === "ok" ? "ok" : "unknown";
  }

  async list(): Promise<WorkerSnapshot[]> {
    const workers: WorkerSnapshot[] = [];
    let after = "";
    do {
      const reply = await this.#run("parleyList", [after, PAGE_SIZE], Rows);
      workers.push(...this.#workersOf(reply));
      after = parsePage(reply).after;
    } while (after !== "");
    return workers;
  }

  watch(listener: (view: FleetView) => void): FleetWatch {
    const { clock, log, fleetTimes, keyPrefix = DEFAULT_KEY_PREFIX } = this.#options;
    return watchRedisFleet(
      {
        clock,
        log,
        times: fleetTimes,
        list: () => this.list(),
        read: async (names) => this.#workersOf(await this.#run("parleyRead", [JSON.stringify(names)], Rows)),
        position: async () => {
          const [seq, born] = await this.#run("parleyPosition", [], PositionReply);
          return { seq, born };
        },
        reap: async ({ forgetAfterMs, graceMs }) => {
          const [seq, youngForMs] = await this.#run("parleyReap", [forgetAfterMs, graceMs], ReapReply);
          return { seq, youngForMs };
        },
        openEvents: () => {
          const events = this.#connection.openEvents();
          return { read: (position) => events.read(`${keyPrefix}ev`, position), close: () => events.close() };
        },
      },
      listener,
    );
  }

  foreignEntries(): Promise<ForeignEntry[]> {
    return this.#connection.readEntries(FOREIGN_KEY_PATTERNS);
  }

  describeServer(): Promise<RedisServerState> {
    return this.#connection.describeServer();
  }

  close(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }

  #workersOf(reply: readonly unknown[]): WorkerSnapshot[] {
    const { workers, damagedCount } = parsePage(reply);
    this.#noteDamaged(damagedCount);
    return workers;
  }

  async #run<T>(script: ScriptName, args: readonly (string | number)[], reply: z.ZodType<T>): Promise<T> {
    let raw: unknown;
    try {
      raw = await this.#runRaw(script, args);
    } catch (error) {
      if (isDamagedKey(error)) await this.#mend();
      throw error;
    }
    const parsed = parseWith(reply, raw);
    if (parsed.ok) return parsed.value;
    await this.#mend();
    throw new AppError("registry-unavailable", { detail: `unexpected answer to ${script}: ${parsed.issues}` });
  }

  #runRaw(script: ScriptName, args: readonly (string | number)[]): Promise<unknown> {
    return this.#connection.runScript(script, this.#options.keyPrefix ?? DEFAULT_KEY_PREFIX, args);
  }

  /** The call that came across the damage fails all the same; the next one finds it mended. */
  async #mend(): Promise<void> {
    try {
      const count = Number(await this.#runRaw("parleyMend", []));
      if (count === 0) return;
      this.#options.log.warn("damaged keys of the registry were thrown away", { count });
      this.#options.onDamagedRecords?.(count);
    } catch (error) {
      this.#options.log.warn("the registry's keys could not be mended", { error });
    }
  }

  /** A courtesy to other tools: its failure never fails a heartbeat. */
  async #writePredecessorRecord(own: OwnWorker, stats: WorkerStats | undefined, nowMs: number): Promise<void> {
    const intervalMs = this.#options.predecessorWriteIntervalMs ?? PREDECESSOR_WRITE_INTERVAL_MS;
    // The server's clock may have been set back.
    if (Math.abs(nowMs - own.recordWrittenAtMs) < intervalMs) return;
    const record = JSON.stringify(toPredecessorRecord(own.info, stats, nowMs));
    try {
      await this.#connection.setWithTtl(PREDECESSOR_KEY_PREFIX + own.info.name, PREDECESSOR_TTL_S, record);
      own.recordWrittenAtMs = nowMs;
    } catch (error) {
      this.#options.log.warn("the predecessor's record could not be written", { name: own.info.name, error });
    }
  }
}

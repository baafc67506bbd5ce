import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";
import { once } from "node:events";
import { inspect } from "node:util";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AppError, type ErrorCode } from "#contracts/errors";
import { PredecessorRecord } from "#contracts/registry/predecessor-record";
import { silentLogger } from "#core/ports/logger";
import type { RegistryOrigin, WorkerRegistry } from "#core/ports/worker-registry";
import { systemClock } from "#adapters/system/system-clock";
import { findFreePort, startTestRedis, type TestRedis } from "#testing/test-redis";
import { describeWorkerRegistryContract, testWorkerInfo } from "#testing/worker-registry.contract";
import { createRedisRegistry } from "./redis-registry";

const origin: RegistryOrigin = { source: "url", address: "test", banner: undefined };
const deps = { clock: systemClock, log: silentLogger, origin };
const STATS = { inUse: 0, queueMs: 0 };

let server: TestRedis;
let admin: Redis;
beforeAll(async () => {
  server = await startTestRedis();
  admin = new Redis(server.url);
});
afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

describeWorkerRegistryContract(
  "redis",
  async () => {
    await admin.flushall();
    const registry = await createRedisRegistry({ ...deps, url: server.url });
    return {
      registry,
      passTime: (durationMs) => new Promise((resolve) => void systemClock.setTimer(durationMs, resolve)),
      loseData: async () => void (await admin.flushall()),
      close: () => registry.close(),
    };
  },
  { canLoseData: true },
);

describe("redis registry", () => {
  let registry: WorkerRegistry;
  beforeEach(async () => {
    await admin.flushall();
    registry = await createRedisRegistry({ ...deps, url: server.url });
  });
  afterEach(() => registry.close());

  const register = async (name: string, nonce = "n") => {
    const outcome = await registry.register({ info: testWorkerInfo(name), nonce, capacity: 2, ttlMs: 6_000 });
    if (outcome.type !== "registered") return expect.fail("name taken");
    return outcome.registration;
  };
  const putFacts = (facts: object) =>
    admin.hset("parley:{r}:w:a", "info", JSON.stringify({ ...testWorkerInfo("a"), ...facts }));

  it("[RG30] keeps the predecessor's six-key record while registered, and removes it", async () => {
    const registration = await register("family@0");
    const text = await admin.get("worker:family@0");
    const record = PredecessorRecord.parse(JSON.parse(text ?? ""));
    expect(Object.keys(record).toSorted()).toEqual([
      "addr",
      "capabilities",
      "last_heartbeat_ts",
      "metrics",
      "name",
      "resident_models",
    ]);
    expect(record).toMatchObject({ name: "family@0", addr: "grpc://127.0.0.1:7001", resident_models: ["tone"] });
    expect(Math.abs(record.last_heartbeat_ts - Date.now() / 1000)).toBeLessThan(5);
    expect(await admin.ttl("worker:family@0")).toBeGreaterThan(25);
    await registry.unregister(registration);
    expect(await admin.exists("worker:family@0")).toBe(0);
  });

  it("[RG30] a heartbeat writes the record anew once it is 8 s old, not before", async () => {
    const registration = await register("a");
    await admin.set("worker:a", "marked", "EX", 30);
    await registry.beat(registration, { ttlMs: 6_000, stats: STATS });
    expect(await admin.get("worker:a")).toBe("marked");
  });

  it("[RG30] each write carries a fresh timestamp", async () => {
    const busy = await createRedisRegistry({ ...deps, url: server.url, predecessorWriteIntervalMs: 20 });
    const timestamp = async (): Promise<number> =>
      PredecessorRecord.parse(JSON.parse((await admin.get("worker:a")) ?? "")).last_heartbeat_ts;
    const outcome = await busy.register({ info: testWorkerInfo("a"), nonce: "n", capacity: 2, ttlMs: 6_000 });
    if (outcome.type !== "registered") return expect.fail("name taken");
    const first = await timestamp();
    await expect
      .poll(async () => {
        await busy.beat(outcome.registration, { ttlMs: 6_000, stats: STATS });
        return timestamp();
      })
      .toBeGreaterThan(first);
    await busy.close();
  });

  it("keeps every key of its own in one cluster slot and out of worker:*", async () => {
    await register("a");
    await registry.lease({ requestId: "r", voice: "tone", ttlMs: 6_000 });
    const keys = await admin.keys("*");
    expect(keys.filter((key) => !key.startsWith("parley:{r}:"))).toEqual(["worker:a"]);
  });

  it("[RG5] a worker that never comes back leaves no record: Redis drops it by itself", async () => {
    await registry.register({ info: testWorkerInfo("a"), nonce: "n", capacity: 2, ttlMs: 1_000 });
    const ttlMs = await admin.pttl("parley:{r}:w:a");
    // Not before it is forgotten for having been overdue for 60 s.
    expect(ttlMs).toBeGreaterThan(61_000);
    expect(ttlMs).toBeLessThanOrEqual(91_000);
  });

  it("[RG11] overdue workers at the front never hide a live one with free slots", async () => {
    const dead = Array.from({ length: 40 }, (_, index) => `dead-${String(index).padStart(2, "0")}`);
    await Promise.all(dead.map((name) => register(name)));
    await Promise.all(dead.map((name) => admin.zadd("parley:{r}:exp", Date.now() - 1_000, name)));
    await register("live");
    const outcome = await registry.lease({ requestId: "r", voice: "tone", ttlMs: 6_000 });
    expect(outcome).toMatchObject({ type: "granted", lease: { worker: { name: "live" } } });
  });

  it.each<[string, () => Promise<unknown>]>([
    ["broken JSON", () => admin.hset("parley:{r}:w:a", "info", "{")],
    ["facts of wrong types", () => admin.hset("parley:{r}:w:a", "info", '{"name":7,"voices":"all"}')],
    ["a voice that moves a terminal's cursor", () => putFacts({ voices: ["\u001b[2J"] })],
    ["an address that is none", () => putFacts({ address: "127.0.0.1:1\u001b[2J" })],
    ["no facts", () => admin.hdel("parley:{r}:w:a", "info")],
    ["a capacity that is no number", () => admin.hset("parley:{r}:w:a", "cap", "many")],
    ["a list in place of the record", () => admin.pipeline().del("parley:{r}:w:a").rpush("parley:{r}:w:a", "x").exec()],
  ])(
    "[RG9] %s: the others are listed and leased, it is counted, and the worker can register again",
    async (_what, damage) => {
      let damagedCount = 0;
      const careful = await createRedisRegistry({
        ...deps,
        url: server.url,
        onDamagedRecords: (count) => (damagedCount += count),
      });
      await register("a");
      await register("b");
      await damage();
      const before = await careful.list();
      expect(before.map((worker) => worker.name)).toEqual(["b"]);
      const outcome = await careful.lease({ requestId: "r", voice: "tone", ttlMs: 6_000, exclude: ["b"] });
      // Without a capacity to compare it can still speak.
      if (outcome.type === "granted") expect(outcome.lease.worker).toEqual(testWorkerInfo("a"));
      const other = await careful.lease({ requestId: "s", voice: "tone", ttlMs: 6_000 });
      expect(other).toMatchObject({ type: "granted" });
      expect(damagedCount).toBeGreaterThan(0);
      await admin.zadd("parley:{r}:exp", 0, "a");
      expect(
        await careful.register({ info: testWorkerInfo("a"), nonce: "n2", capacity: 2, ttlMs: 6_000 }),
      ).toMatchObject({
        type: "registered",
      });
      expect((await careful.list()).map((worker) => worker.name)).toEqual(["a", "b"]);
      await careful.close();
    },
  );

  it("[RG97] of what is too large for a record nothing is read", async () => {
    await admin.set("worker:large", JSON.stringify({ name: "large", addr: "gpu:7001", more: "x".repeat(70_000) }));
    await admin.hset("worker:hash", { name: "hash", addr: "gpu:7002", more: "x".repeat(70_000) });
    const entries = (await registry.foreignEntries?.()) ?? [];
    expect(entries.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
      { key: "worker:hash", value: { name: "hash", addr: "gpu:7002" } },
      { key: "worker:large", value: undefined },
    ]);
  });

  it.each([
    ...["names", "exp", "late", "lx", "reap", "tok", "seq", "born", "load:tone"].map(
      (key) => [key, "garbage"] as const,
    ),
    ...["names", "exp", "load:tone"].map((key) => [key, "gone"] as const),
  ])("[RG9] the registry's own %s is %s: heartbeats bring it back, and all works again", async (key, fault) => {
    const registration = await register("a");
    await admin.del(`parley:{r}:${key}`);
    if (fault === "garbage") await admin.call(key === "tok" ? "RPUSH" : "SET", `parley:{r}:${key}`, "garbage");
    const watch = registry.watch?.(() => undefined);
    const isDamaged = async (): Promise<boolean> => {
      const type = await admin.type(`parley:{r}:${key}`);
      return type === "list" || (type === "string" && (await admin.get(`parley:{r}:${key}`)) === "garbage");
    };
    const works = async (): Promise<boolean> => {
      await watch?.refresh();
      await registry.beat(registration, { ttlMs: 6_000, stats: STATS });
      const outcome = await registry.lease({ requestId: "r", voice: "tone", ttlMs: 6_000 });
      if (outcome.type !== "granted" || (await registry.release(outcome.lease)) !== "ok") return false;
      return (await registry.list()).length === 1 && !(await isDamaged());
    };
    await expect.poll(() => works().catch(() => false), { timeout: 5_000 }).toBe(true);
    watch?.dispose();
  });

  it("[RG9] keys of other types under worker:*, and in place of the registry's index of events, harm nobody", async () => {
    await admin.rpush("worker:a", "x");
    await admin.rpush("worker:other", "x");
    await admin.set("parley:{r}:ev", "x");
    const registration = await register("a");
    expect(await registry.beat(registration, { ttlMs: 6_000, stats: STATS })).toMatchObject({ type: "ok" });
    expect(await registry.list()).toMatchObject([{ name: "a" }]);
    expect(await admin.type("worker:a")).toBe("string");
    expect(await admin.lrange("worker:other", 0, -1)).toEqual(["x"]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["a text in place of its leases", () => admin.set("parley:{r}:wl:a", "x")],
    ["voices that are lists", () => admin.hset("parley:{r}:w:a", "voices", "[[]]")],
    ["a capacity of nothing", () => admin.hset("parley:{r}:w:a", "cap", "0")],
    ["a generation that is no number", () => admin.hset("parley:{r}:w:a", "gen", "first")],
    ["a generation beyond all bounds", () => admin.hset("parley:{r}:w:a", "gen", "1".repeat(60))],
    ["no state", () => admin.hdel("parley:{r}:w:a", "state")],
    ["a text in place of a lease", () => admin.multi().set("parley:{r}:l:x", "x").zadd("parley:{r}:lx", 0, "x").exec()],
  ])("[RG9] %s: the worker registers again at the latest, and all can be leased", async (_what, damage) => {
    const own = await register("a");
    const other = await register("b");
    await damage();
    expect(await registry.beat(other, { ttlMs: 6_000, stats: STATS })).toMatchObject({ type: "ok" });
    if ((await registry.beat(own, { ttlMs: 6_000, stats: STATS })).type === "unknown") await register("a");
    const leases = ["r", "s", "t"].map((requestId) => registry.lease({ requestId, voice: "tone", ttlMs: 6_000 }));
    for (const lease of await Promise.all(leases)) expect(lease.type).toBe("granted");
    expect((await registry.list()).map(({ name }) => name)).toContain("b");
  });
});

describe("a Redis that cannot be used", () => {
  const open: { close(): void }[] = [];
  afterEach(() => open.splice(0).forEach((item) => item.close()));

  const expectFailure = async (url: string, code: ErrorCode, password?: string): Promise<AppError> => {
    try {
      const registry = await createRedisRegistry({ ...deps, url, password });
      await registry.close();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      expect(error.code, error.message).toBe(code);
      return error;
    }
    return expect.fail("it was accepted");
  };
  const listen = async (tcp: Server): Promise<string> => {
    open.push(tcp);
    tcp.listen(0, "127.0.0.1");
    await once(tcp, "listening");
    return `redis://127.0.0.1:${(tcp.address() as AddressInfo).port}`;
  };

  it("[RG21] nothing listens: redis-unreachable, naming the address", async () => {
    const port = await findFreePort();
    const error = await expectFailure(`redis://127.0.0.1:${port}`, "redis-unreachable");
    expect(error.message).toContain(`127.0.0.1:${port}`);
  });

  it("[RG21] an HTTP server: redis-unsuitable", async () => {
    await expectFailure(await listen(createHttpServer((_, response) => response.end("hello"))), "redis-unsuitable");
  });

  it("[RG21] a server that accepts and never answers: redis-unreachable, no hang", { timeout: 6_000 }, async () => {
    await expectFailure(
      await listen(createServer((socket) => socket.on("error", () => undefined))),
      "redis-unreachable",
    );
  });

  it.each(["", "127.0.0.1", "http://127.0.0.1:6379", "redis://", "redis://host/notes"])(
    "[RG21] the URL %j: bad-config",
    async (url) => {
      await expectFailure(url, "bad-config");
    },
  );

  describe("with a password", () => {
    let locked: TestRedis;
    beforeAll(async () => void (locked = await startTestRedis({ config: ["requirepass right", "maxclients 5"] })));
    afterAll(() => locked.stop());

    it("[RG21] none given: redis-auth-required", async () => {
      await expectFailure(locked.url, "redis-auth-required");
    });

    it("[RG21] a wrong one: redis-auth-failed, and it is not shown", async () => {
      const error = await expectFailure(locked.url, "redis-auth-failed", "wrong-secret");
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("wrong-secret");
      await expectFailure(locked.url.replace("redis://", "redis://:wrong-secret@"), "redis-auth-failed");
    });

    it("the right one, given apart or in the URL, is accepted", async () => {
      for (const options of [
        { url: locked.url, password: "right" },
        { url: locked.url.replace("redis://", "redis://:right@") },
      ]) {
        const registry = await createRedisRegistry({ ...deps, ...options });
        expect(await registry.list()).toEqual([]);
        await registry.close();
      }
    });

    it("[RG23] a password changed later is told", async () => {
      const registry = await createRedisRegistry({ ...deps, url: locked.url, password: "right" });
      const other = new Redis({ port: locked.port, password: "right" });
      await other.config("SET", "requirepass", "changed");
      await other.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      await expect
        .poll(
          async () =>
            registry.list().then(
              () => "ok",
              (error: unknown) => (error instanceof AppError ? error.code : "other"),
            ),
          { timeout: 10_000 },
        )
        .toBe("redis-auth-failed");
      await other.config("SET", "requirepass", "right");
      other.disconnect();
      await registry.close();
    });
  });

  it("[RG21] a replica: redis-unsuitable", async () => {
    const replica = await startTestRedis({ config: [`replicaof 127.0.0.1 ${server.port}`] });
    try {
      await expectFailure(replica.url, "redis-unsuitable");
    } finally {
      await replica.stop();
    }
  });
});

describe("a Redis that fails later", () => {
  it("[RG20] [RG23] calls fail fast with a code while it is away, and work once it is back", async () => {
    const first = await startTestRedis();
    const registry = await createRedisRegistry({ ...deps, url: first.url });
    await first.stop();
    await expect(registry.list()).rejects.toMatchObject({ code: "registry-unavailable" });
    const second = await startTestRedis({ port: first.port });
    await expect.poll(() => registry.list().catch(() => undefined), { timeout: 10_000 }).toEqual([]);
    await registry.close();
    await second.stop();
  });

  it("[RG23] back with another password: the calls say so, not that nothing listens", async () => {
    const codes: string[] = [];
    const first = await startTestRedis();
    const registry = await createRedisRegistry({ ...deps, url: first.url, password: "right" });
    const call = async (): Promise<string> => {
      try {
        await registry.list();
        return "ok";
      } catch (error) {
        return error instanceof AppError ? error.code : "other";
      }
    };
    await first.stop();
    const untilCode = (code: string) =>
      expect.poll(async () => codes[codes.push(await call()) - 1], { timeout: 10_000 }).toBe(code);
    await untilCode("registry-unavailable");
    const second = await startTestRedis({ port: first.port, config: ["requirepass changed"] });
    await untilCode("redis-auth-failed");
    await registry.close();
    await second.stop();
  });

  it("[RG20] a call under way when the connection breaks fails before the connection is back", async () => {
    const events: string[] = [];
    const log = { ...silentLogger, info: (message: string) => void events.push(message) };
    const first = await startTestRedis();
    const registry = await createRedisRegistry({ ...deps, log, url: first.url });
    first.process.kill("SIGSTOP");
    const call = registry.list().catch(() => void events.push("call failed"));
    await first.stop();
    const second = await startTestRedis({ port: first.port });
    await expect.poll(() => events, { timeout: 10_000 }).toContain("redis connection restored");
    await call;
    expect(events).toEqual(["call failed", "redis connection restored"]);
    await registry.close();
    await second.stop();
  });

  it("[RG20] a frozen server: calls fail while it is frozen, and work once it is thawed", async () => {
    const frozen = await startTestRedis();
    const registry = await createRedisRegistry({ ...deps, url: frozen.url });
    frozen.process.kill("SIGSTOP");
    await expect(registry.list()).rejects.toMatchObject({ code: "registry-unavailable" });
    frozen.process.kill("SIGCONT");
    await expect.poll(() => registry.list().catch(() => undefined), { timeout: 10_000 }).toEqual([]);
    await registry.close();
    await frozen.stop();
  });
});

import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "#adapters/system/system-clock";
import type { Clock } from "#core/ports/clock";
import { silentLogger } from "#core/ports/logger";
import type { FleetView, FleetWatch, Registration, RegistryOrigin, WorkerRegistry } from "#core/ports/worker-registry";
import { startTestRedis, type TestRedis } from "#testing/test-redis";
import { testWorkerInfo } from "#testing/worker-registry.contract";
import type { FleetTimes } from "./fleet-watch";
import { createRedisRegistry } from "./redis-registry";

const origin: RegistryOrigin = { source: "url", address: "test", banner: undefined };
const deps = { clock: systemClock, log: silentLogger, origin };
const STATS = { inUse: 0, queueMs: 0 };
const TTL_MS = 60_000;
/** The list is never read by the clock within a test. */
const never: FleetTimes = { graceMs: 400, listIntervalMs: 3_600_000, forgetAfterMs: 60_000 };

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

let registry: WorkerRegistry;
let watch: FleetWatch | undefined;
let views: FleetView[];
beforeEach(async () => {
  await admin.flushall();
  views = [];
});
afterEach(async () => {
  watch?.dispose();
  watch = undefined;
  await registry.close();
});

const open = async (times: Partial<FleetTimes> = {}, clock = systemClock): Promise<void> => {
  registry = await createRedisRegistry({ ...deps, clock, url: server.url, fleetTimes: { ...never, ...times } });
};
const wrongBy = (offMs: number): Clock => ({
  ...systemClock,
  nowMs: () => systemClock.nowMs() + offMs,
  wallTime: () => new Date(Date.now() + offMs),
});
const follow = async (): Promise<void> => {
  watch = registry.watch?.((view) => void views.push(view));
  await watch?.refresh();
};
const register = async (name: string): Promise<Registration> => {
  const outcome = await registry.register({ info: testWorkerInfo(name), nonce: "n", capacity: 2, ttlMs: TTL_MS });
  return outcome.type === "registered" ? outcome.registration : expect.fail("name taken");
};
const seen = (): Record<string, string> =>
  Object.fromEntries(
    (views.at(-1)?.workers ?? []).map(({ name, isLive, state, inUse }) => [
      name,
      `${isLive ? "live" : "overdue"} ${state} ${inUse}`,
    ]),
  );
/** Sooner than any list would be read by the clock. */
const untilSeen = (expected: Record<string, string>) => expect.poll(seen, { timeout: 5_000 }).toEqual(expected);
const untilSettled = () => expect.poll(() => views.at(-1)?.isSettled, { timeout: 5_000 }).toBe(true);
const makeOverdue = (name: string, byMs = 1) => admin.zadd("parley:{r}:exp", Date.now() - byMs, name);

describe("following the fleet by events", () => {
  it("[RG70] [RG71] every change is seen as it comes: up, lease, drain, figures, down", async () => {
    await open();
    const first = await register("a");
    await follow();
    expect(seen()).toEqual({ a: "live ready 0" });
    const second = await register("b");
    await untilSeen({ a: "live ready 0", b: "live ready 0" });
    const outcome = await registry.lease({ requestId: "r", voice: "tone", ttlMs: TTL_MS, preferred: ["b"] });
    await untilSeen({ a: "live ready 0", b: "live ready 1" });
    if (outcome.type === "granted") await registry.release(outcome.lease);
    await registry.setDesiredState("a", "draining");
    await untilSeen({ a: "live draining 0", b: "live ready 0" });
    await registry.beat(second, { ttlMs: TTL_MS, stats: { ...STATS, queueMs: 7 } });
    await expect.poll(() => views.at(-1)?.workers.at(-1)?.stats?.queueMs).toBe(7);
    await registry.unregister(first);
    await untilSeen({ b: "live ready 0" });
  });

  it("[RG71] a heartbeat that changes nothing is no event", async () => {
    await open();
    const registration = await register("a");
    await registry.beat(registration, { ttlMs: TTL_MS, stats: STATS });
    const before = await admin.get("parley:{r}:seq");
    await registry.beat(registration, { ttlMs: TTL_MS, stats: STATS });
    expect(await admin.get("parley:{r}:seq")).toBe(before);
  });

  it("[RG74] a server's clock that was set back by an hour does not keep the view young for as long", async () => {
    await open();
    const hourAhead = Date.now() + 3_600_000;
    await admin.hset("parley:{r}:reap", "last", hourAhead, "from", hourAhead);
    await follow();
    await untilSettled();
  });

  it("[RG72] events that were lost are seen as a gap, and the list is read", async () => {
    await open();
    await register("a");
    await follow();
    // A worker that no event tells of.
    await register("hidden");
    await untilSeen({ a: "live ready 0", hidden: "live ready 0" });
    await admin.zrem("parley:{r}:names", "hidden");
    await admin.incrby("parley:{r}:seq", 5);
    await register("b");
    await untilSettled();
    await untilSeen({ a: "live ready 0", b: "live ready 0" });
  });

  it("[RG72] a burst of more events than the stream holds ends with the newest figures", async () => {
    await open();
    const registration = await register("a");
    await follow();
    const beats = Array.from({ length: 3_000 }, (_, queueMs) =>
      registry.beat(registration, { ttlMs: TTL_MS, stats: { inUse: 0, queueMs } }),
    );
    await Promise.all(beats);
    await expect.poll(() => views.at(-1)?.workers[0]?.stats?.queueMs, { timeout: 5_000 }).toBe(2_999);
    expect(await admin.xlen("parley:{r}:ev")).toBeLessThan(2_300);
  });

  it("[RG73] the list is read again by the clock", async () => {
    await open({ listIntervalMs: 300 });
    await register("a");
    await follow();
    await admin.hset("parley:{r}:w:a", "cap", "7");
    await expect.poll(() => views.at(-1)?.workers[0]?.capacity, { timeout: 5_000 }).toBe(7);
  });

  it("[RG74] FLUSHALL: nobody is gone for two TTLs, who registers again stays, who does not goes", async () => {
    await open({ graceMs: 1_500 });
    await register("stays");
    await register("goes");
    await follow();
    await untilSettled();
    await admin.flushall();
    await register("stays");
    await expect.poll(() => views.at(-1)?.isSettled, { timeout: 5_000 }).toBe(false);
    expect(seen()).toEqual({ goes: "live ready 0", stays: "live ready 0" });
    await untilSeen({ stays: "live ready 0" });
    expect(views.at(-1)?.isSettled).toBe(true);
  });

  it("[RG75] an overdue heartbeat is told, and so is the next one", async () => {
    await open();
    const registration = await register("a");
    await follow();
    await untilSettled();
    await makeOverdue("a");
    await untilSeen({ a: "overdue ready 0" });
    await registry.beat(registration, { ttlMs: TTL_MS, stats: STATS });
    await untilSeen({ a: "live ready 0" });
  });

  it.each([-10, 10])(
    "[RG75] an orchestrator whose clock is %i minutes off sees who lives and who does not",
    async (minutes) => {
      await open();
      const worker = await register("a");
      await registry.close();
      await open({}, wrongBy(minutes * 60_000));
      await follow();
      expect(seen()).toEqual({ a: "live ready 0" });
      expect(views.at(-1)?.workers[0]?.heartbeatAgeMs).toBeLessThan(TTL_MS);
      const outcome = await registry.lease({ requestId: "r", voice: "tone", ttlMs: TTL_MS });
      expect(outcome.type).toBe("granted");
      await untilSeen({ a: "live ready 1" });
      await makeOverdue("a");
      expect(await registry.list()).toMatchObject([{ name: "a", isLive: false }]);
      await registry.beat(worker, { ttlMs: TTL_MS, stats: STATS });
      expect(await registry.list()).toMatchObject([{ name: "a", isLive: true }]);
    },
  );

  it("[RG5] [RG75] a worker overdue for 60 s is forgotten with its leases", async () => {
    await open();
    await register("gone");
    const outcome = await registry.lease({ requestId: "r", voice: "tone", ttlMs: 90_000 });
    await follow();
    await makeOverdue("gone", 61_000);
    await untilSeen({});
    expect(await registry.list()).toEqual([]);
    expect(outcome.type === "granted" && (await registry.renew(outcome.lease))).toBe("gone");
    expect(await admin.exists("parley:{r}:wl:gone", "parley:{r}:l:r")).toBe(0);
  });

  it("[RG76] nobody is forgotten before the overdue were looked for, without a pause, for two TTLs", async () => {
    await open({ graceMs: 4_000 });
    const registration = await register("a");
    await makeOverdue("a", 3_600_000);
    await follow();
    await expect.poll(() => admin.exists("parley:{r}:reap"), { timeout: 5_000 }).toBe(1);
    // As after a sleep of the computer: the last look was long ago, by the server's clock.
    await admin.hset("parley:{r}:reap", "last", Date.now() - 60_000, "from", Date.now() - 60_000);
    await expect
      .poll(async () => Number(await admin.hget("parley:{r}:reap", "from")) - Date.now(), { timeout: 5_000 })
      .toBeGreaterThan(1_000);
    expect(await registry.beat(registration, { ttlMs: TTL_MS, stats: STATS })).toMatchObject({ type: "ok" });
  });

  it("[RG77] while the registry is away the last view stays, with the reason; afterwards it is whole again", async () => {
    const own = await startTestRedis();
    registry = await createRedisRegistry({ ...deps, url: own.url, fleetTimes: { ...never, graceMs: 1_500 } });
    await register("stays");
    await register("goes");
    await follow();
    await own.stop();
    await expect.poll(() => views.at(-1)?.error, { timeout: 5_000 }).toMatchObject({ code: "registry-unavailable" });
    expect(String(views.at(-1)?.error)).toContain(`127.0.0.1:${own.port}`);
    expect(Object.keys(seen())).toEqual(["goes", "stays"]);
    const again = await startTestRedis({ port: own.port });
    await expect.poll(() => register("stays").catch(() => undefined), { timeout: 5_000 }).toBeDefined();
    await untilSeen({ stays: "live ready 0" });
    expect(views.at(-1)).toMatchObject({ error: undefined, isSettled: true });
    await again.stop();
  });

  it("[RG77] without a second connection for events the list is read again and again", async () => {
    const own = await startTestRedis({ config: ["maxclients 1"] });
    registry = await createRedisRegistry({ ...deps, url: own.url, fleetTimes: never });
    await follow();
    await register("a");
    await untilSeen({ a: "live ready 0" });
    expect(views.at(-1)?.error).toBeUndefined();
    await own.stop();
  });
});

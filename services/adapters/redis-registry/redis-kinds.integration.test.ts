import { Cluster, Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#adapters/system/system-clock";
import { silentLogger } from "#core/ports/logger";
import type { FleetView, FleetWatch, RegistryOrigin, WorkerRegistry } from "#core/ports/worker-registry";
import { startSentinelGroup, startTestCluster, type SentinelGroup, type TestCluster } from "#testing/redis-groups";
import { startTestRedis, type TestRedis } from "#testing/test-redis";
import { describeWorkerRegistryContract, testWorkerInfo } from "#testing/worker-registry.contract";
import { aclLine } from "./acl";
import { createRedisRegistry } from "./redis-registry";

const origin: RegistryOrigin = { source: "url", address: "test", banner: undefined };
const deps = { clock: systemClock, log: silentLogger, origin };
/** Sentinels that need 1 s to call a master down agree within 3 to 5 s; a busy computer takes longer. */
const FAILOVER_LIMIT_MS = 15_000;
/** RG20 says 2 s; a busy computer takes longer. */
const CALL_LIMIT_MS = 4_000;
const STATS = { inUse: 0, queueMs: 0 };
const wait = (durationMs: number) => new Promise<void>((resolve) => void systemClock.setTimer(durationMs, resolve));

const register = async (registry: WorkerRegistry, name = "a") => {
  const outcome = await registry.register({ info: testWorkerInfo(name), nonce: "n", capacity: 2, ttlMs: 60_000 });
  return outcome.type === "registered" ? outcome.registration : expect.fail("name taken");
};

let registry: WorkerRegistry | undefined;
let watch: FleetWatch | undefined;
afterEach(async () => {
  watch?.dispose();
  watch = undefined;
  await registry?.close();
  registry = undefined;
});

/** Everything that Parley does in Redis. */
async function expectAllToWork(url: string, password?: string): Promise<void> {
  const opened = await createRedisRegistry({ ...deps, url, password });
  registry = opened;
  const views: FleetView[] = [];
  watch = opened.watch?.((view) => void views.push(view));
  await watch?.refresh();
  const registration = await register(opened);
  await expect.poll(() => views.at(-1)?.workers.map(({ name }) => name), { timeout: 5_000 }).toEqual(["a"]);
  expect(await opened.beat(registration, { ttlMs: 60_000, stats: STATS })).toMatchObject({ type: "ok" });
  const outcome = await opened.lease({ requestId: "r", voice: "tone", ttlMs: 60_000, preferred: ["a"] });
  if (outcome.type !== "granted") return expect.fail("no lease");
  expect(await opened.renew(outcome.lease)).toBe("ok");
  expect(await opened.release(outcome.lease)).toBe("ok");
  expect(await opened.setDesiredState("a", "draining")).toBe("ok");
  await expect.poll(() => views.at(-1)?.workers[0]?.state, { timeout: 5_000 }).toBe("draining");
  expect((await opened.describeServer()).version).toMatch(/^\d+\./);
  // Overdue workers are looked for by now.
  await wait(1_200);
  expect(views.map(({ error }) => error).filter((error) => error !== undefined)).toEqual([]);
  await opened.unregister(registration);
  await expect.poll(() => views.at(-1)?.workers, { timeout: 5_000 }).toEqual([]);
}

describe("[RG45] a user with the rights that `parley redis acl` names, and no others", () => {
  let server: TestRedis;
  let admin: Redis;
  beforeAll(async () => {
    server = await startTestRedis();
    admin = new Redis(server.url);
    const [, ...words] = aclLine({ user: "parley", password: "secret" }).split(" ");
    await admin.call("ACL", "SETUSER", ...words);
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  it("can do everything, without one refusal", async () => {
    await admin.call("ACL", "LOG", "RESET");
    const keys = ["worker:a-record", "tts:worker:b", "tts:workers:c"];
    for (const key of keys.slice(1)) await admin.set(key, "{}");
    await admin.hset(keys[0] ?? "", "name", "a");
    await expectAllToWork(server.url.replace("redis://", "redis://parley@"), "secret");
    expect((await registry?.foreignEntries?.())?.map(({ key }) => key).sort()).toEqual(keys.sort());
    expect(await admin.call("ACL", "LOG")).toEqual([]);
  });

  it.each([["KEYS", "*"], ["FLUSHALL"], ["CONFIG", "GET", "*"], ["GET", "other"], ["CLIENT", "LIST"], ["SHUTDOWN"]])(
    "cannot %s %s",
    async (command, ...args) => {
      const user = new Redis({ port: server.port, username: "parley", password: "secret", disableClientInfo: true });
      user.on("error", () => undefined);
      await expect(user.call(command, ...args)).rejects.toThrow("NOPERM");
      user.disconnect();
    },
  );

  it("a right that is missing later is told as such", async () => {
    await admin.call("ACL", "SETUSER", "parley", "-zadd");
    const opened = await createRedisRegistry({
      ...deps,
      url: server.url.replace("redis://", "redis://parley:secret@"),
    });
    registry = opened;
    await expect(register(opened)).rejects.toMatchObject({ code: "redis-denied" });
  });
});

/** Index of the node with the slot of all keys. */
async function ownerOfRegistry(cluster: TestCluster): Promise<number> {
  const sizes = await Promise.all(
    cluster.nodes.map(async ({ url }) => {
      const client = new Redis(url);
      const size = (await client.keys("parley:{r}:*")).length;
      client.disconnect();
      return size;
    }),
  );
  return sizes.findIndex((size) => size > 0);
}

describe("[RG46] a Cluster of three", () => {
  let cluster: TestCluster;
  beforeAll(async () => void (cluster = await startTestCluster()));
  afterAll(() => cluster.stop());

  it("holds the registry, events included", () => expectAllToWork(cluster.url));

  it("[RG96] the predecessor's records are found on all its nodes", async () => {
    registry = await createRedisRegistry({ ...deps, url: cluster.url });
    const client = new Cluster(cluster.nodes.map(({ port }) => ({ host: "127.0.0.1", port })));
    const keys = Array.from({ length: 12 }, (_, index) => `worker:${index}`);
    for (const key of keys) await client.set(key, "{}");
    expect((await registry.foreignEntries?.())?.map(({ key }) => key).sort()).toEqual(keys.sort());
    client.disconnect();
  });

  it("[RG20] [RG22] the node that carries it killed: calls fail in time; when it is back workers register there again", async () => {
    const opened = await createRedisRegistry({ ...deps, url: cluster.url });
    registry = opened;
    const registration = await register(opened);
    const beat = () => opened.beat(registration, { ttlMs: 60_000, stats: STATS });
    const owner = await ownerOfRegistry(cluster);
    await cluster.nodes[owner]?.stop();
    const askedAtMs = systemClock.nowMs();
    await expect(beat()).rejects.toMatchObject({ retryable: true });
    expect(systemClock.nowMs() - askedAtMs).toBeLessThan(CALL_LIMIT_MS);
    await cluster.restart(owner);
    await expect
      .poll(async () => (await beat().catch(() => undefined))?.type, { timeout: 15_000, interval: 50 })
      .toBe("unknown");
    await register(opened);
    expect(await opened.list()).toMatchObject([{ name: "a", isLive: true }]);
  });

  it("its address as that of one server is told as the fault it is", async () => {
    await expect(createRedisRegistry({ ...deps, url: cluster.nodes[0]?.url ?? "" })).rejects.toThrow(
      /belongs to a Cluster/,
    );
  });

  describeWorkerRegistryContract("redis cluster", async () => {
    for (const { url } of cluster.nodes) {
      const admin = new Redis(url);
      await admin.flushall();
      admin.disconnect();
    }
    const opened = await createRedisRegistry({ ...deps, url: cluster.url });
    return { registry: opened, passTime: wait, close: () => opened.close() };
  });
});

describe("[RG47] a master that Sentinels know", () => {
  let group: SentinelGroup;
  afterEach(() => group.stop());

  /** Until a heartbeat is answered by the new master; the worker registers there again when it has to. */
  const healMs = async (opened: WorkerRegistry, strike: () => void): Promise<number> => {
    let registration = await register(opened);
    const strikeAtMs = systemClock.nowMs();
    strike();
    await wait(1_000);
    await expect
      .poll(
        async () => {
          const answer = await opened.beat(registration, { ttlMs: 60_000, stats: STATS }).catch(() => undefined);
          if (answer?.type === "unknown") registration = await register(opened);
          return answer?.type;
        },
        { timeout: 20_000, interval: 50 },
      )
      .toBe("ok");
    return Math.round(systemClock.nowMs() - strikeAtMs);
  };

  it("killed: the replica takes its place", async () => {
    group = await startSentinelGroup();
    await expectAllToWork(group.url);
    const opened = registry ?? expect.fail("not open");
    const took = await healMs(opened, () => void group.master.process.kill("SIGKILL"));
    expect(took).toBeLessThan(FAILOVER_LIMIT_MS);
    const promoted = new Redis(group.replica.url);
    expect((await promoted.role())[0]).toBe("master");
    promoted.disconnect();
  });

  it("frozen: its clients leave it, and do not come back to it when it thaws", async () => {
    group = await startSentinelGroup();
    registry = await createRedisRegistry({ ...deps, url: group.url });
    const took = await healMs(registry, () => void group.master.process.kill("SIGSTOP"));
    expect(took).toBeLessThan(FAILOVER_LIMIT_MS);
    group.master.process.kill("SIGCONT");
    await register(registry, "after the thaw".replaceAll(" ", "-"));
    const promoted = new Redis(group.replica.url);
    expect(await promoted.exists("parley:{r}:w:after-the-thaw")).toBe(1);
    promoted.disconnect();
  });

  it("the address of a Sentinel as that of a server is told as the fault it is", async () => {
    group = await startSentinelGroup();
    const [host] = group.url.replace("redis+sentinel://", "").split(",");
    await expect(createRedisRegistry({ ...deps, url: `redis://${host}` })).rejects.toThrow(/is a Sentinel/);
  });
});

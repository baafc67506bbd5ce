import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { AppError } from "#contracts/errors";
import { ADMIN_PROTOCOL_NAME, AdminServerMessage, type AdminClientMessage } from "#contracts/protocol/admin";
import type { ClientConnection } from "#core/ports/client-connection";
import { WrongTokens } from "#core/limits/wrong-tokens";
import type { RedisServerState } from "#core/ports/redis-status";
import { createOrchestratorWorld } from "#testing/orchestrator-world";
import { settle, TestClient } from "#testing/session-bench";
import { createOrchestrator, type Orchestrator, type OrchestratorDeps } from "../orchestrator";
import type { AdminServices } from "./admin-desk";

const redisState: RedisServerState = {
  version: "7.0.15",
  mode: "standalone",
  role: "master",
  runId: "a".repeat(40),
  uptimeSeconds: 60,
  connectedClients: 3,
  maxClients: 512,
  usedMemoryBytes: 1_000_000,
  maxMemoryBytes: 0,
  commandsPerSecond: 5,
  hitCount: 100,
  missCount: 0,
  evictedKeys: 0,
  roundTripMs: 0.2,
};

/** One who looks after the orchestrator, without a network. */
class TestAdmin implements ClientConnection {
  readonly protocol = ADMIN_PROTOCOL_NAME;
  readonly messages: AdminServerMessage[] = [];
  bufferedBytes = 0;
  closed: { code: number; reason: string } | undefined;
  #onMessage: ((data: string | Uint8Array) => void) | undefined;
  readonly #closeListeners: (() => void)[] = [];

  send(data: string | Uint8Array): void {
    this.messages.push(AdminServerMessage.parse(JSON.parse(String(data))));
  }
  close(code: number, reason: string): void {
    this.closed = { code, reason };
    this.drop();
  }
  onMessage(listener: (data: string | Uint8Array) => void): void {
    this.#onMessage = listener;
  }
  onClose(listener: () => void): void {
    this.#closeListeners.push(listener);
  }
  say(message: AdminClientMessage): void {
    this.sendRaw(JSON.stringify(message));
  }
  sendRaw(data: string | Uint8Array): void {
    this.#onMessage?.(data);
  }
  drop(): void {
    for (const listener of this.#closeListeners) listener();
  }
  last(): AdminServerMessage | undefined {
    return this.messages.at(-1);
  }
}

type World = Awaited<ReturnType<typeof createOrchestratorWorld>>;

let world: World;
let orchestrator: Orchestrator;
let states: (RedisServerState | AppError)[];
let redisReadCount: number;

async function build(change: Partial<OrchestratorDeps> = {}, admin: Partial<AdminServices> = {}): Promise<void> {
  world = await createOrchestratorWorld((clock) => createMemoryRegistry({ clock }));
  states = [];
  redisReadCount = 0;
  const services: AdminServices = {
    redisStatus: () => ({
      describeServer() {
        redisReadCount++;
        const state = states.shift() ?? redisState;
        return state instanceof AppError ? Promise.reject(state) : Promise.resolve(state);
      },
    }),
    testRedis: () => Promise.resolve({ roundTripMs: 1, version: "7.0.15" }),
    ...admin,
  };
  orchestrator = createOrchestrator({ ...world.deps, ...change, admin: services });
  await orchestrator.start();
}

function connect(): TestAdmin {
  const admin = new TestAdmin();
  orchestrator.accept(admin);
  return admin;
}

function started(): TestAdmin {
  const admin = connect();
  admin.say({ type: "admin-start" });
  return admin;
}

async function call(admin: TestAdmin, name: string, request: unknown): Promise<AdminServerMessage | undefined> {
  admin.sendRaw(JSON.stringify({ type: "call", requestId: 7, name, request }));
  await settle();
  return admin.messages.filter((message) => message.type === "reply" || message.type === "reply-failed").at(-1);
}

beforeEach(() => build());

describe("the admin door", () => {
  it("[A1] with a token, only the token opens", async () => {
    await build({ token: "secret" });
    const wrong = connect();
    wrong.say({ type: "admin-start", token: "guess" });
    expect(wrong.last()).toMatchObject({ type: "error", error: { code: "unauthorized" } });
    expect(wrong.closed?.code).toBe(4401);
    const none = connect();
    none.say({ type: "admin-start" });
    expect(none.closed?.code).toBe(4401);
    const right = connect();
    right.say({ type: "admin-start", token: "secret" });
    expect(right.last()).toEqual({ type: "admin-started" });
  });

  it("[A1] wrong tokens are counted together with those of conversations", async () => {
    const wrongTokens = new WrongTokens(world.clock);
    await build({ token: "secret", wrongTokens });
    for (let i = 0; i < 20; i++) wrongTokens.count(undefined);
    const late = connect();
    late.say({ type: "admin-start", token: "secret" });
    expect(late.last()).toMatchObject({ type: "error", error: { code: "too-many-wrong-tokens" } });
    expect(late.closed?.code).toBe(4429);
  });

  it("[A1] nothing is told or done before admin-start", async () => {
    const admin = connect();
    admin.say({ type: "watch", topics: ["fleet", "redis"] });
    admin.sendRaw('{"type":"call","requestId":1,"name":"worker-drain","request":{"name":"worker-a"}}');
    await settle();
    expect(admin.messages.map((message) => message.type)).toEqual(["error", "error"]);
    expect((await world.registry.list())[0]?.state).toBe("ready");
    world.clock.advanceMs(10_001);
    expect(admin.closed?.code).toBe(4408);
  });

  it("[A2] what is not the protocol is refused with a code, a call as that call, and 20 refusals close", async () => {
    const admin = started();
    for (const raw of ["rubbish", "{}", '{"type":"watch","topics":["secrets"]}', new Uint8Array(4)]) admin.sendRaw(raw);
    admin.say({ type: "admin-start" });
    expect(admin.messages.slice(1).map((message) => message.type === "error" && message.error.code)).toEqual([
      ...Array.from({ length: 4 }, () => "bad-message"),
      "already-started",
    ]);
    expect(await call(admin, "format-disk", {})).toMatchObject({ requestId: 7, error: { code: "bad-message" } });
    expect(await call(admin, "worker-drain", { name: 3 })).toMatchObject({ error: { code: "bad-message" } });
    for (let i = 0; i < 20; i++) admin.sendRaw("rubbish");
    expect(admin.closed?.code).toBe(4400);
  });

  it("[A3] too many messages close, too many calls at once are refused, too many connections too", async () => {
    const hasty = started();
    for (let i = 0; i < 60; i++) hasty.say({ type: "watch", topics: [] });
    expect(hasty.closed?.code).toBe(4429);
    await build({}, { testRedis: () => new Promise(() => undefined) });
    const greedy = started();
    for (let requestId = 1; requestId <= 9; requestId++)
      greedy.say({ type: "call", requestId, name: "redis-test", request: { url: "redis://a" } });
    await settle();
    expect(greedy.last()).toMatchObject({ type: "reply-failed", requestId: 9, error: { code: "rate-limited" } });
    for (let i = 0; i < 31; i++) started();
    expect(connect().closed?.code).toBe(4503);
  });

  it("[A4] a client that reads slowly gets fewer snapshots, and one that does not read is closed", async () => {
    const admin = started();
    admin.say({ type: "watch", topics: ["fleet"] });
    admin.bufferedBytes = 2 * 1024 * 1024;
    const before = admin.messages.length;
    world.clock.advanceMs(6_000);
    expect(admin.messages).toHaveLength(before);
    admin.bufferedBytes = 17 * 1024 * 1024;
    world.clock.advanceMs(2_000);
    expect(admin.closed?.code).toBe(4408);
    await settle();
  });

  it("tells those who look on that Parley shuts down", async () => {
    const admin = started();
    await orchestrator.stop({ timeoutMs: 0 });
    expect(admin.last()).toMatchObject({ type: "error", error: { code: "shutting-down" } });
    expect(admin.closed?.code).toBe(1001);
  });
});

describe("watching", () => {
  it("[A5] pushes snapshots at once and every 2 s, to all who watch by one reading, and reads nothing for nobody", async () => {
    world.clock.advanceMs(10_000);
    expect(redisReadCount).toBe(0);
    const [first, second] = [started(), started()];
    first.say({ type: "watch", topics: ["redis"] });
    await settle();
    second.say({ type: "watch", topics: ["redis", "fleet"] });
    await settle();
    expect(redisReadCount).toBe(2);
    world.clock.advanceMs(2_000);
    await settle();
    expect(redisReadCount).toBe(3);
    expect(second.messages.slice(1).map((message) => message.type)).toEqual(["fleet", "redis", "fleet", "redis"]);
    first.drop();
    second.say({ type: "watch", topics: [] });
    world.clock.advanceMs(10_000);
    await settle();
    expect(redisReadCount).toBe(3);
  });

  it("[A6] shows the workers, and the age of their heartbeats runs on between two looks", async () => {
    const admin = started();
    admin.say({ type: "watch", topics: ["fleet"] });
    world.clock.advanceMs(1_500);
    const other = started();
    other.say({ type: "watch", topics: ["fleet"] });
    expect(other.last()).toMatchObject({
      fleet: {
        workers: [{ name: "worker-a", state: "ready", capacity: 4, heartbeatAgeMs: 1_500 }],
        speakingWorkers: [],
      },
    });
  });

  it("[A6] names the workers that speak for this orchestrator, while they do", async () => {
    world.brain.script([{ delta: "One two three four five six seven eight nine ten eleven twelve." }]);
    const client = new TestClient(world.clock, "parley.v1");
    orchestrator.accept(client);
    client.start();
    await settle();
    client.say({ type: "text", text: "Count" });
    await client.pass(600);
    const admin = started();
    admin.say({ type: "watch", topics: ["fleet"] });
    expect(admin.last()).toMatchObject({ fleet: { speakingWorkers: ["worker-a"] } });
    await client.pass(5_000);
    admin.say({ type: "watch", topics: ["fleet"] });
    expect(admin.last()).toMatchObject({ fleet: { speakingWorkers: [] } });
  });

  it("[A6] with the registry away, shows the workers of the read before, and says so", async () => {
    const admin = started();
    world.registry.list = () => Promise.reject(new AppError("registry-unavailable"));
    world.clock.advanceMs(2_000);
    await settle();
    admin.say({ type: "watch", topics: ["fleet"] });
    expect(admin.last()).toMatchObject({
      fleet: { workers: [{ name: "worker-a" }], error: { code: "registry-unavailable" } },
    });
  });

  it("[A7] counts the hit ratio between two readings of the same server", async () => {
    states = [
      redisState,
      { ...redisState, hitCount: 130, missCount: 10 },
      { ...redisState, hitCount: 130, missCount: 10 },
      { ...redisState, runId: "b".repeat(40), hitCount: 500, missCount: 1 },
    ];
    const admin = started();
    admin.say({ type: "watch", topics: ["redis"] });
    await settle();
    for (let i = 0; i < 3; i++) {
      world.clock.advanceMs(2_000);
      await settle();
    }
    const ratios = admin.messages.flatMap((message) =>
      message.type === "redis" ? [message.redis.server?.hitRatio] : [],
    );
    expect(ratios).toEqual([undefined, 0.75, undefined, undefined]);
  });

  it("[A7] says why Redis cannot be asked, and only the origin without a Redis", async () => {
    states = [new AppError("redis-auth-failed")];
    const admin = started();
    admin.say({ type: "watch", topics: ["redis"] });
    await settle();
    expect(admin.last()).toMatchObject({ redis: { error: { code: "redis-auth-failed" } } });
    await build({}, { redisStatus: () => undefined });
    const other = started();
    other.say({ type: "watch", topics: ["redis"] });
    await settle();
    expect(other.last()).toEqual({ type: "redis", redis: { origin: world.registry.origin } });
  });
});

describe("calls", () => {
  it("[A8] drains a worker and brings it back; those who watch see it at once", async () => {
    const admin = started();
    admin.say({ type: "watch", topics: ["fleet"] });
    expect(await call(admin, "worker-drain", { name: "worker-a" })).toEqual({
      type: "reply",
      requestId: 7,
      value: null,
    });
    const fleets = () => admin.messages.filter((message) => message.type === "fleet");
    expect(fleets().at(-1)).toMatchObject({ fleet: { workers: [{ state: "draining" }] } });
    await call(admin, "worker-undrain", { name: "worker-a" });
    expect(fleets().at(-1)).toMatchObject({ fleet: { workers: [{ state: "ready" }] } });
    expect(await call(admin, "worker-drain", { name: "nobody" })).toMatchObject({ error: { code: "unknown-worker" } });
  });

  it("[A9] tries a Redis and tells why it will not do", async () => {
    const admin = started();
    expect(await call(admin, "redis-test", { url: "redis://a" })).toMatchObject({ value: { version: "7.0.15" } });
    await build({}, { testRedis: () => Promise.reject(new AppError("redis-auth-failed")) });
    expect(await call(started(), "redis-test", { url: "redis://a" })).toMatchObject({
      type: "reply-failed",
      error: { code: "redis-auth-failed" },
    });
  });

  it("[A10] a call that breaks inside is internal, and tells nothing of the inside", async () => {
    await build({}, { testRedis: () => Promise.reject(new Error("password=hunter2")) });
    const failed = await call(started(), "redis-test", { url: "redis://a" });
    expect(failed).toMatchObject({ error: { code: "internal" } });
    expect(JSON.stringify(failed)).not.toContain("hunter2");
  });
});

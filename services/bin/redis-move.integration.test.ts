import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { systemClock } from "#adapters/system/system-clock";
import { createWsConnector } from "#adapters/ws-client/ws-connector";
import { ADMIN_PROTOCOL_NAME, type FleetSnapshot, type RedisSnapshot } from "#contracts/protocol/admin";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { AdminClient } from "#core/client/admin-client";
import { SessionClient } from "#core/client/session-client";
import { commandLine, descendants, runParley, type ParleyRun } from "#testing/parley-process";
import { startTestRedis, type TestRedis } from "#testing/test-redis";

const TOKEN = "move-test-token";
const folder = mkdtempSync(path.join(os.tmpdir(), "parley-move-"));
let redis: TestRedis;
let run: ParleyRun;
let url: string;
let admin: AdminClient;

const settingsOf = (address: string) => ({ url: address, caFile: "" });

function snapshotWhere(fits: (redis: RedisSnapshot) => boolean): Promise<RedisSnapshot> {
  return new Promise((resolve) => {
    const watching = admin.watch(["redis"], (news) => {
      if (news.type !== "redis" || !fits(news.redis)) return;
      queueMicrotask(() => watching.dispose());
      resolve(news.redis);
    });
  });
}

function fleetWhere(fits: (fleet: FleetSnapshot) => boolean): Promise<FleetSnapshot> {
  return new Promise((resolve) => {
    const watching = admin.watch(["fleet"], (news) => {
      if (news.type !== "fleet" || !fits(news.fleet)) return;
      queueMicrotask(() => watching.dispose());
      resolve(news.fleet);
    });
  });
}

/** A client that plays what it hears in no time, and what came down to it. */
async function converse(): Promise<{ client: SessionClient; ended(count: number): Promise<readonly string[]> }> {
  const client = new SessionClient({ connect: createWsConnector(url), clock: systemClock });
  const reasons: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  const receive = (message: ServerMessage): void => {
    if (message.type !== "agent-turn-end") return;
    reasons.push(message.reason);
    for (const { count, resolve } of waiting) if (reasons.length >= count) resolve();
  };
  client.subscribe((event) => {
    if (event.type === "message") receive(event.message);
    if (event.type === "audio") client.reportPlayout(event.frame.sampleIndex + event.frame.pcm.length);
  });
  await client.start({ token: TOKEN, sampleRateHz: 16_000 });
  return {
    client,
    async ended(count) {
      if (reasons.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
      return reasons;
    },
  };
}

const privateRedisPids = (): number[] =>
  descendants(run.pid).filter((pid) => commandLine(pid).includes("redis-server"));

beforeAll(async () => {
  const config = path.join(folder, "orchestrator.yaml");
  writeFileSync(config, "brain:\n  kind: builtin\n");
  redis = await startTestRedis({ config: ["requirepass right"] });
  run = runParley(["start", "--browser", "--port", "0", "--config", config], { env: { PARLEY_TOKEN: TOKEN } });
  const [, host] = await run.printed(/http:\/\/(\S+?)\/#token/);
  url = `ws://${host}/`;
  admin = new AdminClient({ connect: createWsConnector(url, ADMIN_PROTOCOL_NAME), clock: systemClock });
  admin.start({ token: TOKEN });
});

afterAll(async () => {
  admin.close();
  await run.stop();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

it("[RG24] a Redis that cannot be used changes nothing, and says why", async () => {
  expect((await snapshotWhere(() => true)).origin.source).toBe("private");
  const wrong = { redis: settingsOf(redis.url), redisPassword: "wrong" };
  await expect(admin.call("settings-set", wrong)).rejects.toMatchObject({ code: "redis-auth-failed" });
  const closed = { redis: settingsOf("redis://127.0.0.1:1") };
  await expect(admin.call("settings-set", closed)).rejects.toMatchObject({ code: "redis-unreachable" });
  expect((await snapshotWhere(() => true)).origin.source).toBe("private");
  expect(privateRedisPids()).toHaveLength(1);
});

it("[RG24] moving to another Redis leaves the answer that is being spoken alone, and ends the private one", async () => {
  const { client, ended } = await converse();
  client.sendText("What can you do?");
  await fleetWhere((fleet) => fleet.speakingWorkers.length === 1);
  const view = await admin.call("settings-set", { redis: settingsOf(redis.url), redisPassword: "right" });
  expect(view).toMatchObject({ hasRedisPassword: true, settings: { redis: { url: redis.url } } });
  expect(await ended(1)).toEqual(["completed"]);
  const { origin, server } = await snapshotWhere(({ origin }) => origin.source === "settings");
  expect(origin.address).toBe(`127.0.0.1:${redis.port}`);
  expect(server).toBeDefined();
  expect(privateRedisPids()).toEqual([]);
  const { workers } = await fleetWhere((fleet) => fleet.workers.length === 1 && fleet.error === undefined);
  expect(workers[0]).toMatchObject({ isLive: true, state: "ready" });
  client.sendText("Hello");
  expect(await ended(2)).toEqual(["completed", "completed"]);
  client.bye();
});

it("[RG24] and back to one of its own", async () => {
  await admin.call("settings-set", { redis: settingsOf("") });
  await snapshotWhere(({ origin, server }) => origin.source === "private" && server !== undefined);
  const { client, ended } = await converse();
  client.sendText("Hello");
  expect(await ended(1)).toEqual(["completed"]);
  client.bye();
});

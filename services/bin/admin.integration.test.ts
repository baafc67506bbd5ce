import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#adapters/system/system-clock";
import { createWsConnector } from "#adapters/ws-client/ws-connector";
import { ADMIN_PROTOCOL_NAME, type FleetSnapshot, type RedisSnapshot } from "#contracts/protocol/admin";
import { AdminClient } from "#core/client/admin-client";
import { SessionClient } from "#core/client/session-client";
import { runParley, type ParleyRun } from "#testing/parley-process";
import { startTestRedis, type TestRedis } from "#testing/test-redis";

const TOKEN = "admin-test-token";
const folder = mkdtempSync(path.join(os.tmpdir(), "parley-admin-"));
const env: Record<string, string> = {
  PARLEY_TOKEN: TOKEN,
  XDG_CONFIG_HOME: path.join(folder, "config"),
  XDG_DATA_HOME: path.join(folder, "data"),
};

let redis: TestRedis;
let runs: ParleyRun[];
let url: string;
let admin: AdminClient;

function start(args: readonly string[]): ParleyRun {
  return runParley(args, { env });
}

/** A command that ends by itself. */
async function cli(args: readonly string[]): Promise<string> {
  const run = start(args);
  expect(await run.ended, run.stderr).toBe(0);
  return run.stdout;
}

/** The first snapshot of the fleet that fits. */
function fleetWhere(fits: (fleet: FleetSnapshot) => boolean): Promise<FleetSnapshot> {
  return new Promise((resolve) => {
    const watching = admin.watch(["fleet"], (snapshot) => {
      if (snapshot.type !== "fleet" || !fits(snapshot.fleet)) return;
      queueMicrotask(() => watching.dispose());
      resolve(snapshot.fleet);
    });
  });
}

/** Has one typed question answered; the name of the worker that spoke. */
async function askedWorker(text: string): Promise<string | undefined> {
  const client = new SessionClient({ connect: createWsConnector(url), clock: systemClock });
  const answered = new Promise<string | undefined>((resolve) => {
    client.subscribe((event) => {
      if (event.type === "message" && event.message.type === "turn-metrics") resolve(event.message.metrics.worker);
    });
  });
  await client.start({ token: TOKEN, sampleRateHz: 16_000 });
  client.sendText(text);
  const worker = await answered;
  client.bye();
  return worker;
}

beforeAll(async () => {
  const config = path.join(folder, "orchestrator.yaml");
  writeFileSync(config, "brain:\n  kind: builtin\n");
  redis = await startTestRedis();
  env.REDIS_URL = redis.url;
  const orchestrator = start(["orchestrator", "--port", "0", "--config", config]);
  runs = [orchestrator, ...["one", "two"].map((name) => start(["worker", "--port", "0", "--name", name]))];
  const [, host] = await orchestrator.printed(/http:\/\/(\S+?)\/#token/);
  url = `ws://${host}/`;
  admin = new AdminClient({ connect: createWsConnector(url, ADMIN_PROTOCOL_NAME), clock: systemClock });
  admin.start({ token: TOKEN });
  await fleetWhere((fleet) => fleet.workers.filter((worker) => worker.isLive).length === 2);
});

afterAll(async () => {
  admin.close();
  await Promise.all(runs.map((run) => run.stop()));
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

it("[A18] looks the computer over, for all who ask at the same time at once", async () => {
  const [first, second] = await Promise.all([admin.call("computer-check", {}), admin.call("computer-check", {})]);
  expect(second).toEqual(first);
  expect(first.findings).toContainEqual({ check: "workers", status: "ok", words: "2 of 2 workers answer." });
});

describe("looking after a running Parley", () => {
  it("[A8] a worker drained from the command line shows it, gets no conversation, and comes back", async () => {
    await cli(["workers", "drain", "one"]);
    await fleetWhere((fleet) => fleet.workers.some((worker) => worker.name === "one" && worker.state === "draining"));
    expect(await cli(["workers", "list"])).toMatch(/^one +draining /m);
    expect(await askedWorker("Hello")).toBe("two");
    await admin.call("worker-drain", { name: "two" });
    await cli(["workers", "undrain", "one"]);
    expect(await askedWorker("Hello")).toBe("one");
    await admin.call("worker-undrain", { name: "two" });
    const { workers } = await fleetWhere((fleet) => fleet.workers.every((worker) => worker.state === "ready"));
    expect(workers.map((worker) => worker.name)).toEqual(["one", "two"]);
  });

  it("drain of a name that is not there fails with a code", async () => {
    const run = start(["workers", "drain", "nobody", "--json"]);
    expect(await run.ended).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: "unknown-worker" } });
  });

  it("[A7] tells what the Redis server is and how fast it answers", async () => {
    const snapshot = await new Promise<RedisSnapshot>((resolve) => {
      admin.watch(["redis"], (pushed) => {
        if (pushed.type === "redis") resolve(pushed.redis);
      });
    });
    expect(snapshot.origin).toMatchObject({ source: "url", address: `127.0.0.1:${redis.port}` });
    expect(snapshot.server).toMatchObject({ mode: "standalone", role: "master", evictedKeys: 0 });
    expect(snapshot.server?.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(snapshot.server?.runId).toMatch(/^[0-9a-f]{40}$/);
    expect(snapshot.server?.connectedClients).toBeGreaterThanOrEqual(3);
    expect(snapshot.server?.usedMemoryBytes).toBeGreaterThan(500_000);
    expect(snapshot.server?.roundTripMs).toBeGreaterThan(0);
  });

  it("[A1] a wrong token ends the client for good", async () => {
    const stranger = new AdminClient({ connect: createWsConnector(url, ADMIN_PROTOCOL_NAME), clock: systemClock });
    stranger.start({ token: "guess" });
    await expect(stranger.call("worker-drain", { name: "one" })).rejects.toMatchObject({ code: "unauthorized" });
    expect(stranger.connection).toMatchObject({ type: "ended", error: { code: "unauthorized" } });
  });
});

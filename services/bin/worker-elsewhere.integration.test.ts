import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGrpcVoiceLink } from "#adapters/grpc/grpc-voice-link";
import { createRedisRegistry } from "#adapters/redis-registry/redis-registry";
import { systemClock } from "#adapters/system/system-clock";
import { silentLogger } from "#core/ports/logger";
import type { WorkerRegistry, WorkerSnapshot } from "#core/ports/worker-registry";
import { textSource } from "#testing/manual-text-source";
import { createNamespace, namespaceProblem, type NetworkNamespace } from "#testing/network-namespace";
import { runParley, type ParleyRun, type ParleyRunOptions } from "#testing/parley-process";
import { startTestRedis } from "#testing/test-redis";

const TOKEN = "a token";
/** The shortest that the configuration allows. */
const TTL_MS = 1_000;
const SKEW_MS = 7 * 60_000;
const folder = mkdtempSync(path.join(os.tmpdir(), "parley-elsewhere-"));
const configFile = path.join(folder, "worker.yaml");
const origin = { source: "url" as const, address: "test", banner: undefined };
const common = { clock: systemClock, log: silentLogger };
const problem = namespaceProblem();
if (problem !== undefined) console.info(`the test with two networks is skipped: ${problem}`);

beforeAll(() => {
  writeFileSync(
    configFile,
    JSON.stringify({
      voices: { engines: ["tone"], default: "tone" },
      registration: { heartbeatMs: 200, ttlMs: TTL_MS },
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const wait = (durationMs: number) => new Promise<void>((resolve) => void systemClock.setTimer(durationMs, resolve));

/** Until the listed workers are as they should be. */
async function until(
  registry: WorkerRegistry,
  fits: (workers: readonly WorkerSnapshot[]) => boolean,
): Promise<readonly WorkerSnapshot[]> {
  const deadlineMs = systemClock.nowMs() + 15_000;
  for (;;) {
    const workers = await registry.list();
    if (fits(workers)) return workers;
    if (systemClock.nowMs() > deadlineMs) throw new Error(JSON.stringify(workers));
    await wait(25);
  }
}

function startWorker(name: string, args: readonly string[], options: ParleyRunOptions): ParleyRun {
  return runParley(["worker", "--config", configFile, "--name", name, ...args], options);
}

/** Has it speak under a lease, which is renewed and given back. */
async function speakWith(registry: WorkerRegistry, name: string): Promise<number> {
  const link = createGrpcVoiceLink({ ...common, protoPath: "services/contracts/proto/tts.proto", token: TOKEN });
  try {
    const outcome = await registry.lease({ requestId: name, voice: "tone", ttlMs: 10_000, preferred: [name] });
    if (outcome.type !== "granted") throw new Error(outcome.reason);
    expect(outcome.lease.worker.name).toBe(name);
    let frameCount = 0;
    const { signal } = new AbortController();
    const request = { sessionId: name, voice: "tone", lease: outcome.lease, clauses: textSource("One two."), signal };
    for await (const _frame of link.speak(request)) frameCount += 1;
    expect(await registry.renew(outcome.lease)).toBe("ok");
    expect(await registry.release(outcome.lease)).toBe("ok");
    return frameCount;
  } finally {
    await link.close();
  }
}

/** A process whose wall clock is off by this much. */
function withWrongClock(offMs: number): string {
  const script = `const Real = Date; globalThis.Date = class extends Real {
    constructor(...args) { super(...(args.length > 0 ? args : [Real.now() + ${offMs}])); }
    static now() { return Real.now() + ${offMs}; }
  }`;
  return `--import=data:text/javascript,${encodeURIComponent(script)}`;
}

describe.concurrent("workers of other computers", () => {
  it("[RG5] clocks that are seven minutes off do no harm", async () => {
    const redis = await startTestRedis();
    const registry = await createRedisRegistry({ ...common, url: redis.url, origin });
    const offsMs = new Map([
      ["ahead", SKEW_MS],
      ["behind", -SKEW_MS],
    ]);
    const runs = [...offsMs].map(([name, offMs]) =>
      startWorker(name, ["--port", "0"], {
        env: { REDIS_URL: redis.url, PARLEY_TOKEN: TOKEN, NODE_OPTIONS: withWrongClock(offMs) },
      }),
    );
    try {
      const allLive = (workers: readonly WorkerSnapshot[]): boolean =>
        workers.length === runs.length && workers.every(({ isLive }) => isLive);
      const before = await until(registry, allLive);
      for (const { name, info } of before) {
        const offMs = Date.parse(info.startedAt) - Date.now();
        expect(Math.abs(offMs - (offsMs.get(name) ?? 0))).toBeLessThan(60_000);
        expect(await speakWith(registry, name)).toBeGreaterThan(10);
      }
      // Longer than a registration outlives its last heartbeat.
      await wait(TTL_MS + 200);
      const after = await until(registry, allLive);
      expect(after.map(({ generation }) => generation)).toEqual(before.map(({ generation }) => generation));
      for (const run of runs) run.process.kill("SIGKILL");
      await until(registry, (workers) => workers.length === 2 && workers.every(({ isLive }) => !isLive));
    } finally {
      await Promise.all(runs.map((run) => run.stop()));
      await registry.close();
      await redis.stop();
    }
  });

  it.skipIf(problem !== undefined)(
    "[RG99] a worker in another network is called at the address that it advertises; its cable cut, it is overdue until it is mended",
    async () => {
      const lan: NetworkNamespace = createNamespace();
      const redis = await startTestRedis({ config: [`bind 127.0.0.1 ${lan.nearHost}`, "requirepass secret"] });
      const registry = await createRedisRegistry({ ...common, url: redis.url, password: "secret", origin });
      const env = { REDIS_URL: `redis://:secret@${lan.nearHost}:${redis.port}`, PARLEY_TOKEN: TOKEN };
      const address = `${lan.farHost}:7001`;
      const reach = ["--host", "0.0.0.0", "--advertise", address];
      const run = startWorker("far", reach, { env, namespace: lan.name });
      const open = startWorker("open", reach, { env: { ...env, PARLEY_TOKEN: "" }, namespace: lan.name });
      try {
        const [far] = await until(registry, ([first]) => first?.isLive === true);
        expect(far).toMatchObject({ name: "far", info: { address } });
        expect(await speakWith(registry, "far")).toBeGreaterThan(10);
        expect(await open.ended).toBe(1);
        expect(open.stderr).toContain("[token-required]");
        lan.setLink("down");
        await until(registry, ([first]) => first?.isLive === false);
        lan.setLink("up");
        await until(registry, ([first]) => first?.isLive === true);
        expect(await speakWith(registry, "far")).toBeGreaterThan(10);
      } finally {
        await Promise.all([run.stop(), open.stop()]);
        await registry.close();
        await redis.stop();
        lan.remove();
      }
    },
  );
});

import { setMaxListeners } from "node:events";
import { systemClock } from "#adapters/system/system-clock";
import type { WorkerInfo } from "#contracts/registry/worker-record";
import { sleep } from "#core/lifecycle/sleep";
import type { Registration, WorkerRegistry } from "#core/ports/worker-registry";
import { connectHolder } from "../bin/fleet";
import { withOwnHost } from "../bin/own-host";
import type { Benchmark, BenchmarkContext, BenchmarkResult } from "./benchmark";
import { single, spread } from "#score/figures/measure";
import { readCpuMs } from "../bin/process-figures";
import { findRedis } from "./find-redis";

const WORKER_COUNT = 1_000;
const CONNECTION_COUNT = 20;
const HEARTBEAT_MS = 2_000;
const TTL_MS = 6_000;
const MEASURE_MS = 30_000;
const LEASE_INTERVAL_MS = 30;
const SLOT_COUNT = 40;
const REQUEST_COUNT = 200;
const VOICE = "simulated";
const SCARCE_VOICE = "scarce";

const goals = {
  redisCores: { atMost: 0.1 },
  leaseMs: { atMost: 5 },
  granted: { atLeast: SLOT_COUNT, atMost: SLOT_COUNT },
};

export const registryBenchmark: Benchmark = {
  name: "registry",
  description:
    "1,000 simulated workers beating every 2 s: cost for Redis, time of a lease, 200 requests for 40 slots (1 min)",
  async run(context) {
    return withOwnHost(context, async (host) => {
      const { holder } = host.started;
      if (holder.inProcess !== undefined) throw new Error("there is no redis-server to measure");
      const first = await connectHolder(holder, context.log);
      const others = await Promise.all(
        Array.from({ length: CONNECTION_COUNT - 1 }, () => connectHolder(holder, context.log)),
      );
      const connections = [first, ...others] as const;
      try {
        return await measure(context, connections);
      } finally {
        await Promise.all(connections.map((registry) => registry.close()));
      }
    });
  },
};

async function measure(
  context: BenchmarkContext,
  connections: readonly [WorkerRegistry, ...WorkerRegistry[]],
): Promise<BenchmarkResult> {
  const [registry] = connections;
  const redisPid = findRedis();
  const { beating, failures } = await beatForAll(context, connections);
  const never = new AbortController().signal;
  // Their first heartbeats fall where their registration was; after one interval they are spread.
  await sleep(systemClock, HEARTBEAT_MS, never);
  context.progress("measuring");
  const startedAtMs = systemClock.nowMs();
  const cpuBeforeMs = readCpuMs(redisPid);
  const leasesMs: number[] = [];
  for (let index = 0; systemClock.nowMs() - startedAtMs < MEASURE_MS; index++) {
    const askedAtMs = systemClock.nowMs();
    const outcome = await registry.lease({ requestId: `bench-${index}`, voice: VOICE, ttlMs: 15_000 });
    leasesMs.push(systemClock.nowMs() - askedAtMs);
    if (outcome.type === "granted") await registry.release(outcome.lease);
    await sleep(systemClock, LEASE_INTERVAL_MS, never);
  }
  const redisCores = (readCpuMs(redisPid) - cpuBeforeMs) / (systemClock.nowMs() - startedAtMs);
  const liveCount = (await registry.list()).filter((worker) => worker.isLive && worker.info.voices[0] === VOICE).length;
  beating.abort();
  const grantedCount = await askForScarceSlots(connections);
  return {
    n: leasesMs.length,
    measures: {
      [`Redis, ${WORKER_COUNT} workers beating every ${HEARTBEAT_MS / 1000} s`]: single(
        "cores",
        redisCores,
        goals.redisCores,
      ),
      "lease, as its caller sees it": spread("ms", leasesMs, { of: "p99", limits: goals.leaseMs }),
      [`granted of ${REQUEST_COUNT} concurrent requests for ${SLOT_COUNT} slots`]: single(
        "leases",
        grantedCount,
        goals.granted,
      ),
      "workers alive at the end": single("workers", liveCount, { atLeast: WORKER_COUNT, atMost: WORKER_COUNT }),
      "heartbeats not answered ok": single("heartbeats", failures(), { atMost: 0 }),
    },
  };
}

/** Registers them all and beats for each, spread over the interval, until aborted. */
async function beatForAll(context: BenchmarkContext, connections: readonly WorkerRegistry[]) {
  context.progress(`registering ${WORKER_COUNT} workers`);
  const beating = new AbortController();
  setMaxListeners(WORKER_COUNT, beating.signal);
  let failureCount = 0;
  const keep = async (registry: WorkerRegistry, registration: Registration, phaseMs: number): Promise<void> => {
    await sleep(systemClock, phaseMs, beating.signal);
    for (;;) {
      const outcome = await registry.beat(registration, { ttlMs: TTL_MS, stats: { inUse: 0, queueMs: 0 } });
      if (outcome.type !== "ok") failureCount++;
      await sleep(systemClock, HEARTBEAT_MS, beating.signal);
    }
  };
  for (let index = 0; index < WORKER_COUNT; index++) {
    const registry = connections[index % connections.length];
    const outcome = await registry?.register({
      info: simulated(index, VOICE),
      nonce: `n${index}`,
      capacity: 4,
      ttlMs: TTL_MS,
    });
    if (registry === undefined || outcome?.type !== "registered") throw new Error("a worker could not be registered");
    void keep(registry, outcome.registration, (index / WORKER_COUNT) * HEARTBEAT_MS).catch((error: unknown) => {
      if (!beating.signal.aborted) failureCount++;
      context.log.debug("a simulated worker stopped", { error });
    });
  }
  return { beating, failures: () => failureCount };
}

async function askForScarceSlots(connections: readonly [WorkerRegistry, ...WorkerRegistry[]]): Promise<number> {
  const info = simulated(WORKER_COUNT, SCARCE_VOICE);
  await connections[0].register({ info, nonce: "scarce", capacity: SLOT_COUNT, ttlMs: 60_000 });
  const outcomes = await Promise.all(
    Array.from({ length: REQUEST_COUNT }, (_, index) => {
      const registry = connections[index % connections.length] ?? connections[0];
      return registry.lease({ requestId: `scarce-${index}`, voice: SCARCE_VOICE, ttlMs: 15_000 });
    }),
  );
  return outcomes.filter((outcome) => outcome.type === "granted").length;
}

function simulated(index: number, voice: string): WorkerInfo {
  return {
    name: `simulated-${index}`,
    address: `127.0.0.1:${20_000 + index}`,
    host: "simulated",
    device: "gpu",
    protocolVersion: 1,
    languages: ["en"],
    voices: [voice],
    residentVoices: [voice],
    startedAt: "2026-01-01T00:00:00Z",
  };
}

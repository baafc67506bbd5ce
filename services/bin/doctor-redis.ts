import { readFile } from "node:fs/promises";
import { parseRedisUrl } from "#adapters/redis-registry/redis-address";
import { createRedisRegistry, examineRedis } from "#adapters/redis-registry/redis-registry";
import { findRunningRedis } from "#adapters/redis-server/find-running-redis";
import { systemClock } from "#adapters/system/system-clock";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import { isForeignWorker } from "#contracts/registry/worker-record";
import { silentLogger } from "#core/ports/logger";
import { chosenRedis } from "#core/settings/configured-settings";
import type { Probes, RedisFacts, RedisPlan, WorkerAddress } from "#doctor/probes";
import { registrySettings } from "#host/choose-registry-source";
import { findGivenRedis, type RedisTarget } from "#supervisor/registry-source";
import { places } from "./places";
import { openSettings } from "./own-settings";

const ORIGINS = { url: "the environment", settings: "Settings", config: "the configuration" } as const;

type RedisProbes = Pick<Probes, "redisPlan" | "askRedis" | "workers">;

/** Asks the Redis once, whoever wants to know. `readConfig`: may reject; then no Redis is known. */
export function createRedisProbes(readConfig: () => Promise<OrchestratorConfig>): RedisProbes {
  const target = once(async () => findTarget(await readConfig()));
  const facts = once(async () => ask(await target()));
  return {
    async redisPlan() {
      return (await target())?.plan;
    },
    async askRedis() {
      const { workers: _workers, ...rest } = await facts();
      return rest;
    },
    async workers() {
      const { foreign } = await readConfig();
      const static_ = foreign.workers.map((address) => ({ name: address, address, isForeign: true }));
      return (await target()) === undefined ? static_ : [...(await facts()).workers, ...static_];
    },
  };
}

type Target = RedisTarget & { plan: RedisPlan };

async function findTarget(config: OrchestratorConfig): Promise<Target | undefined> {
  const settings = await (await openSettings(config, silentLogger, { onlyLooks: true })).read();
  const given = await findGivenRedis(
    { readPasswordFile: (file) => readFile(file, "utf8") },
    registrySettings(config.redis, {
      env: process.env,
      mayStart: false,
      ...withChosen(chosenRedis(config.redis, settings)),
    }),
  );
  if (given !== undefined) return { ...given.target, plan: planOf(given.target, ORIGINS[given.source]) };
  const running = await findRunningRedis(places.runtimeDir);
  return running === undefined ? undefined : { ...running, plan: planOf(running, "of the Parley that runs") };
}

function withChosen<T>(chosen: T | undefined): { chosen?: T } {
  return chosen === undefined ? {} : { chosen };
}

function planOf({ url }: { url: string }, origin: string): RedisPlan {
  const { place, shown, isTls } = parseRedisUrl(url);
  return { address: shown, node: place.type === "server" ? place.node : undefined, origin, isTls };
}

async function ask(target: Target | undefined): Promise<RedisFacts & { workers: WorkerAddress[] }> {
  if (target === undefined) throw new Error("there is no Redis to ask");
  const options = { ...target, clock: systemClock, log: silentLogger };
  const origin = { source: "url" as const, address: target.plan.address, banner: undefined };
  const facts = await examineRedis(options);
  // What a user may not do shows when the registry is read.
  const registry = await createRedisRegistry({ ...options, origin });
  try {
    const workers = (await registry.list()).filter(({ isLive }) => isLive);
    const addresses = workers.map(({ name, info }) => ({
      name,
      address: info.address,
      isForeign: isForeignWorker(info),
      isTls: info.isTls,
    }));
    return { ...facts, workers: addresses };
  } finally {
    await registry.close();
  }
}

export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

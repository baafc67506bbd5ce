import { createNodeChildStarter } from "#adapters/node-child/node-child-starter";
import { findRunningRedis } from "#adapters/redis-server/find-running-redis";
import { systemClock } from "#adapters/system/system-clock";
import type { RedisConfig } from "#contracts/config/redis";
import { AppError } from "#contracts/errors";
import type { Logger } from "#core/ports/logger";
import type { WorkerRegistry } from "#core/ports/worker-registry";
import { holdRegistry, type RegistryHolder } from "#host/registry-holder";
import { createWorkerIdentity } from "#host/worker-identity";
import { defaultSupervision, superviseService } from "#supervisor/supervised-service";
import { places } from "./places";
import { chooseRegistrySource, connectRegistry } from "./registry-choice";

export const nodeChildren = createNodeChildStarter({ entryFolder: places.entryFolder });

/** A connection of this process to what it holds. */
export function connectHolder({ source, inProcess }: RegistryHolder, log: Logger): Promise<WorkerRegistry> {
  if (inProcess !== undefined) return Promise.resolve(inProcess);
  if (source.type !== "redis") throw new AppError("registry-unavailable");
  return connectRegistry(source, log);
}

export interface Fleet {
  registry: WorkerRegistry;
  /** A worker was started for this command alone. */
  isOwn: boolean;
  close(): Promise<void>;
}

/** The registry named by URL or configuration, else that of the Parley running on this computer; undefined when there is neither. */
export async function findFleet(
  config: RedisConfig,
  options: { log: Logger; redisUrl?: string },
): Promise<Fleet | undefined> {
  const source = await chooseRegistrySource(config, { ...options, mayStart: false });
  if (source.type === "redis") return openFleet(await connectRegistry(source, options.log));
  const running = await findRunningRedis(places.runtimeDir);
  if (running === undefined) return undefined;
  const origin = { source: "private" as const, address: running.address, banner: undefined };
  return openFleet(await connectRegistry({ type: "redis", ...running, origin }, options.log));
}

function openFleet(registry: WorkerRegistry): Fleet {
  return { registry, isOwn: false, close: () => registry.close() };
}

/** The fleet that is there, or one worker started for this command. */
export async function findOrStartFleet(
  config: RedisConfig,
  options: { log: Logger; redisUrl?: string },
): Promise<Fleet> {
  const found = await findFleet(config, options);
  if (found !== undefined) return found;
  const holder = holdRegistry({
    type: "in-process",
    origin: { source: "in-process", address: "this process", banner: undefined },
    stop: () => Promise.resolve(),
  });
  const identity = createWorkerIdentity();
  const worker = superviseService({
    starter: nodeChildren,
    clock: systemClock,
    log: options.log,
    config: defaultSupervision,
    spec: () => ({
      entry: "tts-worker",
      args: ["--port", "0", "--quiet", ...identity.args],
      env: { ...holder.childEnv, ...identity.env },
    }),
    onStarted: (child) => holder.serve(child, "tts-worker"),
  });
  await worker.start();
  const registry = await connectHolder(holder, options.log);
  return { registry, isOwn: true, close: () => worker.stop() };
}

import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { createNodeChildStarter } from "#adapters/node-child/node-child-starter";
import { findRunningRedis } from "#adapters/redis-server/find-running-redis";
import { channelToChild } from "#adapters/registry-channel/message-channel";
import { serveRegistry } from "#adapters/registry-channel/serve-registry";
import { systemClock } from "#adapters/system/system-clock";
import type { RedisConfig } from "#contracts/config/redis";
import type { ChildHandle } from "#core/ports/child-process";
import type { Logger } from "#core/ports/logger";
import type { WorkerRegistry } from "#core/ports/worker-registry";
import { defaultSupervision, superviseService } from "#supervisor/supervised-service";
import type { RegistrySource } from "#supervisor/registry-source";
import { places } from "./places";
import { createWorkerIdentity } from "./run-worker";
import { chooseRegistrySource, connectRegistry, envForChildren } from "./registry-choice";

export const nodeChildren = createNodeChildStarter({ entryFolder: places.entryFolder });

export interface RegistryHolder {
  source: RegistrySource;
  /** What children need to reach the registry. */
  childEnv: Record<string, string>;
  /** Serves the in-process registry to a child; absent with Redis. */
  serve: ((child: ChildHandle) => void) | undefined;
  /** A connection of this process. */
  connect(log: Logger): Promise<WorkerRegistry>;
}

/** The registry of this app's own processes, whatever holds it. */
export function holdRegistry(source: RegistrySource): RegistryHolder {
  if (source.type === "redis") {
    return {
      source,
      childEnv: envForChildren(source),
      serve: undefined,
      connect: (log) => connectRegistry(source, log),
    };
  }
  const registry = createMemoryRegistry({ clock: systemClock, origin: source.origin });
  return {
    source,
    childEnv: envForChildren(source),
    serve: (child) => serveRegistry(registry, channelToChild(child)),
    connect: () => Promise.resolve(registry),
  };
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
    ...(holder.serve === undefined ? {} : { onStarted: holder.serve }),
  });
  await worker.start();
  const registry = await holder.connect(options.log);
  return { registry, isOwn: true, close: () => worker.stop() };
}

import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { channelToChild } from "#adapters/registry-channel/message-channel";
import { serveRegistry } from "#adapters/registry-channel/serve-registry";
import { systemClock } from "#adapters/system/system-clock";
import type { ChildHandle } from "#core/ports/child-process";
import type { WorkerRegistry } from "#core/ports/worker-registry";
import type { RegistrySource } from "#supervisor/registry-source";
import { envForChildren } from "./registry-env";

export interface RegistryHolder {
  source: RegistrySource;
  /** What children need to reach the registry. */
  childEnv: Record<string, string>;
  /** The registry itself when it is in this process, and how a child gets at it; absent with Redis. */
  inProcess: { registry: WorkerRegistry; serve(child: ChildHandle): void } | undefined;
}

/** The registry of this app's own processes, whatever holds it. */
export function holdRegistry(source: RegistrySource): RegistryHolder {
  const childEnv = envForChildren(source);
  if (source.type === "redis") return { source, childEnv, inProcess: undefined };
  const registry = createMemoryRegistry({ clock: systemClock, origin: source.origin });
  const serve = (child: ChildHandle): void => serveRegistry(registry, channelToChild(child));
  return { source, childEnv, inProcess: { registry, serve } };
}

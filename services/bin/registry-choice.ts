import { createChannelRegistry } from "#adapters/registry-channel/channel-registry";
import { channelToParent } from "#adapters/registry-channel/message-channel";
import { createRedisRegistry } from "#adapters/redis-registry/redis-registry";
import { systemClock } from "#adapters/system/system-clock";
import type { Logger } from "#core/ports/logger";
import type { RegistryOrigin, WorkerRegistry } from "#core/ports/worker-registry";

/** Environment by which a supervisor tells its children where the registry is. */
export const REGISTRY_ENV = {
  url: "PARLEY_REGISTRY_URL",
  password: "PARLEY_REGISTRY_PASSWORD",
  source: "PARLEY_REGISTRY_SOURCE",
  /** "1": the registry is in the parent process. */
  channel: "PARLEY_REGISTRY_CHANNEL",
} as const;

export interface RegistryAddress {
  url: string;
  password?: string;
  origin: RegistryOrigin;
}

export function isRegistryInParent(env: NodeJS.ProcessEnv): boolean {
  return env[REGISTRY_ENV.channel] === "1";
}

export async function connectRegistry(address: RegistryAddress | "parent", log: Logger): Promise<WorkerRegistry> {
  if (address === "parent") return createChannelRegistry({ channel: channelToParent(process), clock: systemClock });
  return createRedisRegistry({ ...address, clock: systemClock, log });
}

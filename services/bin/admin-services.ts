import { testRedis } from "#adapters/redis-registry/redis-registry";
import { systemClock } from "#adapters/system/system-clock";
import { OWN_WORKER_ENV } from "#host/worker-identity";
import type { Logger } from "#core/ports/logger";
import type { RegistrySwitch } from "#core/registry/registry-switch";
import type { AdminServices } from "#orchestrator/admin/admin-desk";
import type { ConfigPlace } from "./examine-computer";

export interface AdminServicesRun {
  registry: RegistrySwitch;
  log: Logger;
  /** Where its configuration came from. */
  configFrom: ConfigPlace | undefined;
}

/** What those who look after the orchestrator can see and do, over the real things. */
export function createAdminServices({ registry, log, configFrom = {} }: AdminServicesRun): AdminServices {
  return {
    redisStatus: () => registry.redisStatus,
    examineComputer: shared(async () => (await import("./examine-computer")).examineComputer(configFrom)),
    ownWorker: process.env[OWN_WORKER_ENV],
    testRedis: (server) => testRedis({ ...server, clock: systemClock, log }),
  };
}

/** Whoever asks while one is under way gets the same answer. */
function shared<T>(make: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () =>
    (running ??= make().finally(() => {
      running = undefined;
    }));
}

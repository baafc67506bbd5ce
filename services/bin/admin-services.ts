import { testRedis } from "#adapters/redis-registry/redis-registry";
import { systemClock } from "#adapters/system/system-clock";
import { OWN_WORKER_ENV } from "#host/worker-identity";
import type { Logger } from "#core/ports/logger";
import type { RegistrySwitch } from "#core/registry/registry-switch";
import type { AdminServices } from "#orchestrator/admin/admin-desk";

export interface AdminServicesRun {
  registry: RegistrySwitch;
  log: Logger;
}

/** What those who look after the orchestrator can see and do, over the real things. */
export function createAdminServices({ registry, log }: AdminServicesRun): AdminServices {
  return {
    redisStatus: () => registry.redisStatus,
    ownWorker: process.env[OWN_WORKER_ENV],
    testRedis: (server) => testRedis({ ...server, clock: systemClock, log }),
  };
}

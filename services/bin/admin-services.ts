import { testRedis } from "#adapters/redis-registry/redis-registry";
import { systemClock } from "#adapters/system/system-clock";
import type { Logger } from "#core/ports/logger";
import type { RedisStatus } from "#core/ports/redis-status";
import type { WorkerRegistry } from "#core/ports/worker-registry";
import type { AdminServices } from "#orchestrator/admin/admin-desk";

export interface AdminServicesRun {
  registry: WorkerRegistry & Partial<RedisStatus>;
  log: Logger;
}

/** What those who look after the orchestrator can see and do, over the real things. */
export function createAdminServices({ registry, log }: AdminServicesRun): AdminServices {
  const describeServer = registry.describeServer?.bind(registry);
  return {
    redisStatus: describeServer === undefined ? undefined : { describeServer },
    testRedis: (server) => testRedis({ ...server, clock: systemClock, log }),
  };
}

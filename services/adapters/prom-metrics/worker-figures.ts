import type { WorkerGaugeName } from "#contracts/metrics";
import type { WorkerSnapshot } from "#core/ports/worker-registry";

/** What there is to tell of a worker; undefined where it has not measured. */
export function workerFigures(worker: WorkerSnapshot): Record<WorkerGaugeName, number | undefined> {
  const { stats } = worker;
  return {
    parley_worker_ready: worker.isLive && worker.state === "ready" ? 1 : 0,
    parley_worker_heartbeat_age_ms: worker.heartbeatAgeMs,
    parley_worker_capacity: worker.capacity,
    parley_worker_leases: worker.inUse,
    parley_worker_speaking: stats?.inUse,
    parley_worker_queue_ms: stats?.queueMs,
    parley_worker_first_audio_ms: stats?.ttfaMs,
    parley_worker_first_audio_p90_ms: stats?.ttfaP90Ms,
    parley_worker_real_time_factor: stats?.realTimeFactor,
  };
}

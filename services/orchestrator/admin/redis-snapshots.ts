import { toWireError } from "#contracts/errors";
import type { RedisSnapshot } from "#contracts/protocol/admin";
import type { RedisServerState, RedisStatus } from "#core/ports/redis-status";
import type { RegistryOrigin } from "#core/ports/worker-registry";

/** Reads the state of the Redis behind the registry. `status` gives nothing while the registry is in this process. Never rejects. */
export function createRedisSnapshots(deps: {
  origin(): RegistryOrigin;
  status(): RedisStatus | undefined;
}): () => Promise<RedisSnapshot> {
  let before: RedisServerState | undefined;
  return async () => {
    const { source, address, banner } = deps.origin();
    const origin = { source, address, ...(banner === undefined ? {} : { banner }) };
    const status = deps.status();
    if (status === undefined) return { origin };
    try {
      const state = await status.describeServer();
      const { hitCount: _hits, missCount: _misses, ...server } = state;
      const ratio = hitRatioOf(state, before);
      before = state;
      return { origin, server: { ...server, ...(ratio === undefined ? {} : { hitRatio: ratio }) } };
    } catch (error) {
      return { origin, error: toWireError(error) };
    }
  };
}

/** Of the lookups between the two readings; undefined when there were none, or the server has restarted. */
function hitRatioOf(now: RedisServerState, before: RedisServerState | undefined): number | undefined {
  if (before?.runId !== now.runId) return undefined;
  const hits = now.hitCount - before.hitCount;
  const lookups = hits + now.missCount - before.missCount;
  return hits >= 0 && lookups > 0 ? hits / lookups : undefined;
}

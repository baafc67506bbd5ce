import { AppError } from "#contracts/errors";
import { broken, ok, warn, type Check, type Found } from "../check";
import type { Probes, RedisFacts, RedisPlan } from "../probes";
import { redisFix } from "../redis-fix";

/** From here on a server evicts keys or refuses writes soon. */
const FULL_RATIO = 0.9;

export function checkRedis({ redisPlan, askRedis }: Pick<Probes, "redisPlan" | "askRedis">): Check {
  return {
    name: "redis",
    async run() {
      let plan: RedisPlan | undefined;
      try {
        plan = await redisPlan();
        if (plan === undefined) return ok("No Redis is given: Parley starts one of its own.");
        return judge(plan, await askRedis());
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        const from = plan === undefined ? "" : ` It stands in ${plan.origin}.`;
        return broken(`${error.message}${from}`, redisFix(error.code, plan) ?? error.action);
      }
    },
  };
}

function judge(plan: RedisPlan, facts: RedisFacts): Found {
  const { version, roundTripMs, usedMemoryBytes, maxMemoryBytes } = facts;
  if (maxMemoryBytes > 0 && usedMemoryBytes / maxMemoryBytes > FULL_RATIO) {
    const { host, port } = plan.node ?? { host: "HOST", port: 6_379 };
    const fix = `redis-cli -h ${host} -p ${port} CONFIG SET maxmemory ${2 * Math.max(usedMemoryBytes, maxMemoryBytes)}`;
    if (usedMemoryBytes > maxMemoryBytes)
      return broken(`The Redis at ${plan.address} is full: it takes no more workers and leases.`, fix);
    return warn(`The Redis at ${plan.address} is nearly full.`, fix);
  }
  return ok(`Redis ${version} at ${plan.address} (${plan.origin}) answers in ${roundTripMs.toFixed(1)} ms.`);
}

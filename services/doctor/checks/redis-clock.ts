import { broken, ok, warn, type Check } from "../check";
import type { Probes } from "../probes";

/** Records of workers are judged by it for the predecessor's tools, which drop what is older than 60 s. */
const BROKEN_SKEW_MS = 30_000;
/** Far above what a round trip in a network makes of two clocks that are right. */
const WARN_SKEW_MS = 2_000;
const FIX = "sudo timedatectl set-ntp true, on both computers";

export function checkRedisClock({ redisPlan, askRedis }: Pick<Probes, "redisPlan" | "askRedis">): Check {
  return {
    name: "redis-clock",
    async run() {
      // What is wrong with either is told by the check of the Redis.
      const plan = await redisPlan().catch(() => undefined);
      const facts = plan === undefined ? undefined : await askRedis().catch(() => undefined);
      if (facts === undefined) return [];
      const seconds = Math.abs(facts.skewMs) / 1_000;
      const words = `The clock of the Redis is ${seconds.toFixed(1)} s ${facts.skewMs < 0 ? "behind" : "ahead of"} this computer's.`;
      if (Math.abs(facts.skewMs) >= BROKEN_SKEW_MS) return broken(words, FIX);
      if (Math.abs(facts.skewMs) >= WARN_SKEW_MS) return warn(words, FIX);
      return ok("The clocks of the Redis and of this computer agree.");
    },
  };
}

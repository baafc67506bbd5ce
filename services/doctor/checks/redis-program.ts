import { broken, ok, warn, type Check } from "../check";
import type { Probes } from "../probes";

const INSTALL = "sudo apt-get install redis-server";

type Needs = Pick<Probes, "redisPlan" | "redisPrograms" | "mayFetchRedis">;

/** A redis-server is needed only where no other Redis is given. */
export function checkRedisProgram({ redisPlan, redisPrograms, mayFetchRedis }: Needs): Check {
  return {
    name: "redis-program",
    async run() {
      const isNeeded = (await redisPlan().catch(() => undefined)) === undefined;
      const programs = await redisPrograms();
      const usable = programs.find(({ isUsable }) => isUsable);
      if (usable !== undefined) return ok(`${usable.label ?? "A redis-server"} is at ${usable.path}.`);
      if (!isNeeded) return ok("There is no redis-server here, and none is needed: another Redis is given.");
      const [old] = programs;
      if (old !== undefined) {
        const words =
          old.label === undefined
            ? `${old.path} does not run here.`
            : `${old.path} is ${old.label}; Parley needs 6.2 or newer.`;
        return broken(`${words} Workers on other computers cannot join.`, INSTALL);
      }
      if (await mayFetchRedis()) return warn("There is no redis-server here; Parley fetches one with apt.", INSTALL);
      return broken("There is no redis-server here. Workers on other computers cannot join.", INSTALL);
    },
  };
}

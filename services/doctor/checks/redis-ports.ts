import { ok, type Check } from "../check";
import type { Probes } from "../probes";
import { holderWords } from "../holder-words";

/** Where a Redis usually is, and where the example of an override publishes one. */
const USUAL_PORTS = [6_379, 6_380] as const;

/** Never a fault by itself: Parley's Redis takes another port, and that of the containers none. */
export function checkRedisPorts({ portHolder }: Pick<Probes, "portHolder">): Check {
  return {
    name: "redis-ports",
    async run() {
      const holders = await Promise.all(USUAL_PORTS.map(async (port) => ({ port, holder: await portHolder(port) })));
      const words = holders.map(({ port, holder }) =>
        holder === undefined ? `port ${port} is free` : `port ${port} is taken by ${holderWords(holder)}`,
      );
      const isTaken = holders.some(({ holder }) => holder !== undefined);
      const note = isTaken ? " That is no conflict: Parley's own Redis uses another port." : "";
      return ok(`${capital(words.join(", "))}.${note}`);
    },
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

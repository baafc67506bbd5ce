import { ok, warn, type Check } from "../check";
import type { Probes } from "../probes";

export function checkRunningParley({ readiness }: Pick<Probes, "readiness">): Check {
  return {
    name: "parley",
    async run() {
      const now = await readiness();
      if (now === undefined) return ok("No Parley runs on this computer now.");
      if (now.isReady) return ok("A Parley runs, and is ready.");
      return warn(`A Parley runs, and is not ready: ${now.reasons}.`, "Wait a moment; if it stays, start it again.");
    },
  };
}

import { ok, warn, type Check } from "../check";
import { holderFix, holderWords } from "../holder-words";
import type { Probes } from "../probes";

/** The app itself moves to a free port; a headless orchestrator or worker does not start. */
export function checkOwnPorts({ ownPorts, portHolder }: Pick<Probes, "ownPorts" | "portHolder">): Check {
  return {
    name: "ports",
    async run() {
      const ports = await ownPorts();
      return Promise.all(
        ports.map(async ({ port, use }) => {
          const holder = await portHolder(port);
          const name = use === "page" ? "the page" : "the worker";
          if (holder === undefined) return ok(`Port ${port} of ${name} is free.`);
          if (holder.isParley) return ok(`Port ${port} of ${name} is in use by Parley (process ${holder.pid ?? "?"}).`);
          const command = use === "page" ? "orchestrator" : "worker";
          return warn(
            `Port ${port} of ${name} is taken by ${holderWords(holder)}.`,
            `parley ${command} --port ${port + 1}, or ${holderFix(holder, port)}`,
          );
        }),
      );
    },
  };
}

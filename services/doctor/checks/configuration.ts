import { hasCode } from "#contracts/errors";
import { broken, ok, warn, type Check } from "../check";
import type { Probes } from "../probes";

export function checkConfiguration({ readConfiguration }: Pick<Probes, "readConfiguration">): Check {
  return {
    name: "configuration",
    async run() {
      try {
        const { notes } = await readConfiguration();
        const noted = notes.map((note) => warn(note, "Take it out of the file, or leave it."));
        return [ok("The configuration is valid."), ...noted];
      } catch (error) {
        if (hasCode(error, "token-required"))
          return broken(wordsOf(error), "export PARLEY_TOKEN=$(openssl rand -hex 24)");
        if (hasCode(error, "bad-config"))
          return broken(wordsOf(error), "Correct the key that is named; what there is: parley config --reference");
        throw error;
      }
    },
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

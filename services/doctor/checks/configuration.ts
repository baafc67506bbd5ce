import { hasCode } from "#contracts/errors";
import { broken, ok, warn, type Check, type Found } from "../check";
import type { Probes } from "../probes";

const DAY_MS = 86_400_000;
/** Time enough to get another one. */
const EXPIRY_NOTICE_DAYS = 14;

const SETTINGS_FIX = "mend the file, or: parley settings, which sets it aside and keeps it";

type Needs = Pick<Probes, "readConfiguration" | "certificates">;

export function checkConfiguration({ readConfiguration, certificates }: Needs): Check {
  return {
    name: "configuration",
    async run() {
      try {
        const { notes, settingsFault } = await readConfiguration();
        const noted = notes.map((note) => warn(note, "Take it out of the file, or leave it."));
        const settings = settingsFault === undefined ? [] : [warn(settingsFault, SETTINGS_FIX)];
        return [ok("The configuration is valid."), ...noted, ...settings, ...(await certificates()).flatMap(expiryOf)];
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

function expiryOf({ file, expiresInMs }: Awaited<ReturnType<Needs["certificates"]>>[number]): Found[] {
  const days = Math.floor(expiresInMs / DAY_MS);
  const fix = `openssl x509 -noout -dates -in ${file}; put a new one there, and start Parley anew`;
  if (expiresInMs <= 0) return [broken(`The certificate ${file} has expired: nobody is let in by it.`, fix)];
  return days < EXPIRY_NOTICE_DAYS ? [warn(`The certificate ${file} expires in ${days} days.`, fix)] : [];
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { systemClock } from "#adapters/system/system-clock";
import type { DoctorReport } from "#contracts/doctor/report";
import { allChecks } from "#doctor/checks";
import { examine } from "#doctor/examine";
import { reportText } from "#doctor/report-text";
import { EXIT, print, printJson } from "./cli-output";
import type { ConfigCommandOptions } from "./config-options";
import { createProbes } from "./doctor-probes";

export interface DoctorCommandOptions extends Pick<ConfigCommandOptions, "config" | "profile"> {
  /** One check alone. */
  only?: DoctorReport["findings"][number]["check"];
  json?: boolean;
}

/** Looks this computer over and says what keeps Parley from working; the exit code is 1 when something is broken. */
export async function commandDoctor(options: DoctorCommandOptions): Promise<void> {
  const checks = allChecks(createProbes(options)).filter(({ name }) => (options.only ?? name) === name);
  const report = await examine(checks, systemClock);
  if (options.json === true) printJson(report);
  else for (const line of reportText(report)) print(line);
  // What a check still waits for is not waited for.
  process.exit(report.isBroken ? EXIT.failed : EXIT.ok);
}

import { reportText } from "#doctor/report-text";
import { EXIT, print, printJson } from "./cli-output";
import { examineComputer, type CheckName, type ConfigPlace } from "./examine-computer";

export interface DoctorCommandOptions extends ConfigPlace {
  /** One check alone. */
  only?: CheckName;
  json?: boolean;
}

/** Looks this computer over and says what keeps Parley from working; the exit code is 1 when something is broken. */
export async function commandDoctor({ only, json, ...from }: DoctorCommandOptions): Promise<void> {
  const report = await examineComputer(from, only);
  if (json === true) printJson(report);
  else for (const line of reportText(report)) print(line);
  // What a check still waits for is not waited for.
  process.exit(report.isBroken ? EXIT.failed : EXIT.ok);
}

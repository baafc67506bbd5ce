import { systemClock } from "#adapters/system/system-clock";
import type { DoctorReport } from "#contracts/doctor/report";
import { allChecks } from "#doctor/checks";
import { examine } from "#doctor/examine";
import type { ConfigCommandOptions } from "./config-options";
import { createProbes } from "./doctor-probes";

export type ConfigPlace = Pick<ConfigCommandOptions, "config" | "profile">;
export type CheckName = DoctorReport["findings"][number]["check"];

/** Looks this computer over, or makes one check alone. Never rejects. */
export function examineComputer(from: ConfigPlace, only?: CheckName): Promise<DoctorReport> {
  const checks = allChecks(createProbes(from)).filter(({ name }) => (only ?? name) === name);
  return examine(checks, systemClock);
}

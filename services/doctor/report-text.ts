import { CHECK_NAMES, type DoctorReport } from "#contracts/doctor/report";

const NAME_WIDTH = Math.max(...CHECK_NAMES.map((name) => name.length));

/** One line for each finding, with the fix below it, and the sum at the end. */
export function reportText({ findings }: DoctorReport): string[] {
  const lines = findings.flatMap(({ check, status, words, fix }) => [
    `${status.padEnd(6)}  ${check.padEnd(NAME_WIDTH)}  ${words}`,
    ...(fix === undefined ? [] : [`        fix: ${fix}`]),
  ]);
  const count = (wanted: string): number => findings.filter(({ status }) => status === wanted).length;
  return [...lines, `${count("broken")} broken, ${count("warn")} to know, ${count("ok")} ok.`];
}

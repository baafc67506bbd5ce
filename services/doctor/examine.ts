import type { DoctorReport, Finding } from "#contracts/doctor/report";
import { toWireError } from "#contracts/errors";
import type { Clock } from "#core/ports/clock";
import { createDeferred } from "#core/lifecycle/deferred";
import { warn, type Check, type Found } from "./check";

/** Above the 3.5 s in which a Redis must be told, so that the command as a whole ends within 5 s. */
const CHECK_LIMIT_MS = 4_000;

/** Runs all checks side by side. Never rejects: a check that fails or takes too long is a finding like any other. */
export async function examine(checks: readonly Check[], clock: Clock): Promise<DoctorReport> {
  const found = await Promise.all(checks.map((check) => findingsOf(check, clock)));
  const findings = found.flat();
  return { isBroken: findings.some(({ status }) => status === "broken"), findings };
}

async function findingsOf(check: Check, clock: Clock): Promise<Finding[]> {
  const tooLate = createDeferred<readonly Found[]>();
  const limit = clock.setTimer(CHECK_LIMIT_MS, () => tooLate.resolve([lateFinding(check)]));
  const found = await Promise.race([outcomeOf(check), tooLate.promise]);
  limit.dispose();
  return found.map((each) => ({ check: check.name, ...each, words: oneLine(each.words) }));
}

async function outcomeOf(check: Check): Promise<readonly Found[]> {
  try {
    const found = await check.run();
    return Array.isArray(found) ? (found as readonly Found[]) : [found as Found];
  } catch (error) {
    const { code, message, action } = toWireError(error);
    const words = code === "internal" ? `It could not be looked at: ${reasonOf(error)}.` : message;
    return [{ status: code === "internal" ? "warn" : "broken", words, fix: action }];
  }
}

function lateFinding({ name }: Check): Found {
  const words = `This was not known after ${CHECK_LIMIT_MS / 1_000} s.`;
  return warn(words, `when the computer is less busy: parley doctor --only ${name}`);
}

function reasonOf(error: unknown): string {
  const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return first;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}

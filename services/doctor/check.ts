import type { Finding } from "#contracts/doctor/report";

/** A finding without the name of its check, which is added. */
export type Found = Omit<Finding, "check">;

export interface Check {
  name: Finding["check"];
  /** May reject: then what it rejects with is the finding. */
  run(): Promise<Found | readonly Found[]>;
}

export function ok(words: string): Found {
  return { status: "ok", words };
}

export function warn(words: string, fix: string): Found {
  return { status: "warn", words, fix };
}

export function broken(words: string, fix: string): Found {
  return { status: "broken", words, fix };
}

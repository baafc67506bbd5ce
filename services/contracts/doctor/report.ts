import { z } from "zod";

/** What `parley doctor` looks at, in the order in which it tells. */
export const CHECK_NAMES = [
  "configuration",
  "redis",
  "redis-clock",
  "redis-program",
  "redis-ports",
  "compose",
  "ports",
  "parley",
  "workers",
  "models",
  "inference",
  "disk",
  "memory",
  "audio",
  "window",
] as const;

export const Finding = z.object({
  check: z.enum(CHECK_NAMES),
  /** warn: Parley works, but not all of it or not for long. */
  status: z.enum(["ok", "warn", "broken"]),
  /** What is so, in one line. */
  words: z.string(),
  /** The command that changes it, or what to write where. Absent when it is ok. */
  fix: z.string().optional(),
});
export type Finding = z.infer<typeof Finding>;

export const DoctorReport = z.object({
  /** Something is broken. */
  isBroken: z.boolean(),
  findings: z.array(Finding),
});
export type DoctorReport = z.infer<typeof DoctorReport>;

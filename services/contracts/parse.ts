import type { z } from "zod";

export interface Problem {
  /** With dots; "value" for the whole. */
  path: string;
  message: string;
}

export type Parsed<T> = { ok: true; value: T } | { ok: false; issues: string; problems: readonly Problem[] };

/** Checks unknown data against a schema. A failure is a value: `issues` names path and reason of each problem. */
export function parseWith<T>(schema: z.ZodType<T>, raw: unknown): Parsed<T> {
  const result = schema.safeParse(raw);
  if (result.success) return { ok: true, value: result.data };
  const problems = result.error.issues.map(({ path, message }) => ({ path: path.join(".") || "value", message }));
  return failed(problems);
}

/** Parses JSON text and checks it; broken JSON is an issue like any other. */
export function parseJsonWith<T>(schema: z.ZodType<T>, text: string): Parsed<T> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { ok: false, issues: "not valid JSON", problems: [{ path: "value", message: "not valid JSON" }] };
  }
  return parseWith(schema, raw);
}

function failed(problems: readonly Problem[]): { ok: false; issues: string; problems: readonly Problem[] } {
  return { ok: false, issues: problems.map(({ path, message }) => `${path}: ${message}`).join("; "), problems };
}

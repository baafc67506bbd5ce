import type { z } from "zod";

export type Parsed<T> = { ok: true; value: T } | { ok: false; issues: string };

/** Checks unknown data against a schema. A failure is a value: `issues` names path and reason of each problem. */
export function parseWith<T>(schema: z.ZodType<T>, raw: unknown): Parsed<T> {
  const result = schema.safeParse(raw);
  if (result.success) return { ok: true, value: result.data };
  const issues = result.error.issues.map((issue) => `${issue.path.join(".") || "value"}: ${issue.message}`);
  return { ok: false, issues: issues.join("; ") };
}

/** Parses JSON text and checks it; broken JSON is an issue like any other. */
export function parseJsonWith<T>(schema: z.ZodType<T>, text: string): Parsed<T> {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { ok: false, issues: "not valid JSON" };
  }
  return parseWith(schema, raw);
}

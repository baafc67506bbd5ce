import { readFile } from "node:fs/promises";
import { parse as parseYaml } from "yaml";
import type { z } from "zod";
import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";

/** Reads and checks a YAML file; a missing optional file gives the defaults. Throws `bad-config` with path, key and reason. */
export async function loadConfigFile<T>(schema: z.ZodType<T>, file: { path: string; isOptional: boolean }): Promise<T> {
  let text: string;
  try {
    text = await readFile(file.path, "utf8");
  } catch (error) {
    if (file.isOptional && (error as NodeJS.ErrnoException).code === "ENOENT") text = "";
    else throw new AppError("file-unreadable", { detail: file.path, cause: error });
  }
  let raw: unknown;
  try {
    raw = parseYaml(text) ?? {};
  } catch (error) {
    throw new AppError("bad-config", {
      detail: `${file.path}: ${error instanceof Error ? error.message : String(error)}`,
      cause: error,
    });
  }
  const parsed = parseWith(schema, raw);
  if (!parsed.ok) throw new AppError("bad-config", { detail: `${file.path}: ${parsed.issues}` });
  return parsed.value;
}

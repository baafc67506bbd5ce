import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse as parseYaml } from "yaml";
import { ComposeFile } from "#contracts/doctor/compose";
import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { yamlFault } from "./yaml-fault";

const NAMES = ["docker-compose.yml", "docker-compose.override.yml"] as const;

/** Those that are there. Rejects with `bad-config` for one that Compose could not read either. */
export async function readComposeFiles(folder: string): Promise<{ name: string; content: ComposeFile }[]> {
  const files = await Promise.all(
    NAMES.map(async (name) => {
      const text = await readFile(path.join(folder, name), "utf8").catch(() => undefined);
      return text === undefined ? [] : [{ name, content: parseCompose(name, text) }];
    }),
  );
  return files.flat();
}

function parseCompose(name: string, text: string): ComposeFile {
  let raw: unknown;
  try {
    raw = parseYaml(text, { merge: true }) ?? {};
  } catch (error) {
    throw new AppError("bad-config", { detail: `${name}: ${yamlFault(error)}` });
  }
  const parsed = parseWith(ComposeFile, raw);
  if (!parsed.ok) throw new AppError("bad-config", { detail: `${name}: ${parsed.issues}` });
  return parsed.value;
}

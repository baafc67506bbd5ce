import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parse as parseYaml } from "yaml";
import { AppError } from "#contracts/errors";
import { yamlFault } from "./yaml-fault";

/**
 * What a YAML file says, not yet checked; an optional file that is not there says nothing (undefined). Throws
 * `file-unreadable`, and `bad-config` for what is no YAML.
 */
export async function readConfigFile(file: { path: string; isOptional: boolean }): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file.path, "utf8");
  } catch (error) {
    if (file.isOptional && isMissing(error)) return undefined;
    throw new AppError("file-unreadable", { detail: file.path, cause: error });
  }
  try {
    return parseYaml(text) as unknown;
  } catch (error) {
    throw new AppError("bad-config", { detail: `${file.path}: ${yamlFault(error)}` });
  }
}

/** The file of a profile. Throws `bad-config` for a name that there is not, with those that there are. */
export async function findProfile(folder: string, name: string): Promise<string> {
  const names = (await readdir(folder).catch(() => []))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => path.basename(file, ".yaml"));
  if (names.includes(name)) return path.join(folder, `${name}.yaml`);
  const there = names.length === 0 ? "there are none" : `there is ${names.sort().join(", ")}`;
  throw new AppError("bad-config", { detail: `there is no profile ${name} in ${folder}; ${there}` });
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

import { readFile } from "node:fs/promises";
import { aclLine } from "#adapters/redis-registry/acl";
import { AppError } from "#contracts/errors";
import { print, printJson } from "./cli-output";

export interface RedisAclOptions {
  user: string;
  passwordFile?: string;
  json?: boolean;
}

/** Nothing in the line can be taken for a second rule: a name is one word, and of the password only the hash is printed. */
export async function commandRedisAcl({ user, passwordFile, json }: RedisAclOptions): Promise<void> {
  if (!/^[\w.-]{1,64}$/.test(user)) throw new AppError("bad-config", { detail: "a user's name is one plain word" });
  const password = passwordFile === undefined ? undefined : await readPassword(passwordFile);
  const line = aclLine({ user, password });
  if (json === true) return printJson({ user, line });
  print(line);
}

async function readPassword(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).replace(/\r?\n$/, "");
  } catch (error) {
    throw new AppError("file-unreadable", { detail: file, cause: error });
  }
}

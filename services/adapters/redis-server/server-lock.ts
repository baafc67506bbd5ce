import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { parseJsonWith } from "#contracts/parse";
import type { Logger } from "#core/ports/logger";
import { shutDownServer } from "./ask-redis";
import { PRIVATE_HOST } from "./redis-child";

/** Which process owns a private server. Process ids come again, so the start time belongs to it. */
export interface ProcessIdentity {
  pid: number;
  startedAtMs: number;
}

export const ServerLock = z.object({
  owner: z.object({ pid: z.number().int(), startedAtMs: z.number() }),
  port: z.number().int(),
  password: z.string(),
  runId: z.string().min(1),
});
export type ServerLock = z.infer<typeof ServerLock>;

const LOCK_NAME = /^private-redis-.+\.lock$/;
const ASK_TIMEOUT_MS = 500;

export function lockPath(runtimeDir: string, id: string): string {
  return path.join(runtimeDir, `private-redis-${id}.lock`);
}

/** Holds the password, so only the owner may read it. */
export async function writeLock(file: string, lock: ServerLock): Promise<void> {
  const draft = `${file}.draft`;
  await writeFile(draft, JSON.stringify(lock), { mode: 0o600 });
  await rename(draft, file);
}

/** Ends the servers whose owner died without stopping them (Node cannot tie a child's life to its own). Never rejects. */
export async function endOrphans(runtimeDir: string, self: ProcessIdentity, log: Logger): Promise<void> {
  const names = await readdir(runtimeDir).catch(() => []);
  for (const name of names.filter((one) => LOCK_NAME.test(one))) {
    const file = path.join(runtimeDir, name);
    const parsed = parseJsonWith(ServerLock, await readFile(file, "utf8").catch(() => ""));
    if (parsed.ok && isOwnerAlive(parsed.value.owner, self)) continue;
    if (parsed.ok) await endOrphan(parsed.value, log);
    await rm(file, { force: true });
  }
}

async function endOrphan(lock: ServerLock, log: Logger): Promise<void> {
  const target = { host: PRIVATE_HOST, port: lock.port, password: lock.password, timeoutMs: ASK_TIMEOUT_MS };
  // Nobody there, or somebody else who does not know the password: nothing of ours is left.
  const wasOurs = await shutDownServer(target, lock.runId).catch(() => false);
  if (wasOurs) log.info("a private redis left behind by an earlier run was ended", { port: lock.port });
}

function isOwnerAlive(owner: ProcessIdentity, self: ProcessIdentity): boolean {
  if (owner.pid === self.pid) return owner.startedAtMs === self.startedAtMs;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    // EPERM: alive, but another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { RECORDING_FILES } from "#contracts/recording/recording";
import type { FoundRecording } from "./recordings-root";

const DAY_MS = 24 * 3_600_000;
const BLOCK_BYTES = 512;

export interface RetentionLimits {
  maxTotalBytes: number;
  maxAgeDays: number;
}

/**
 * Deletes recordings that are too old, then the oldest ones until the rest fits. Those that run are never deleted.
 * Returns how much is left, in bytes on disk.
 */
export async function enforceRetention(
  kept: readonly FoundRecording[],
  limits: RetentionLimits,
  now: Date,
): Promise<{ leftBytes: number }> {
  const oldestFirst = [...kept].sort((a, b) => a.id.localeCompare(b.id));
  const sized = await Promise.all(oldestFirst.map(async (one) => ({ ...one, bytes: await bytesOf(one.folder) })));
  let leftBytes = sized.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { folder, session, isRunning, bytes } of sized) {
    const isTooOld = now.getTime() - Date.parse(session.startedAt) > limits.maxAgeDays * DAY_MS;
    if (isRunning || !(isTooOld || leftBytes > limits.maxTotalBytes)) continue;
    await removeRecording(folder);
    leftBytes -= bytes;
  }
  return { leftBytes };
}

/** The recording's own files; a folder with others in it stays. */
export async function removeRecording(folder: string): Promise<void> {
  const own = new Set<string>(Object.values(RECORDING_FILES).flatMap((name) => [name, `${name}.new`]));
  // The session goes last, so that a recording half removed is still known as one.
  const names = (await readdir(folder)).filter((name) => own.has(name) && name !== RECORDING_FILES.session);
  for (const name of [...names, RECORDING_FILES.session]) await rm(path.join(folder, name), { force: true });
  if ((await readdir(folder)).length === 0) await rm(folder, { recursive: true });
}

/** As it is on disk, gaps left out. */
async function bytesOf(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(path.join(folder, name))).blocks * BLOCK_BYTES),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

// One build at a time: the second waits for the first and then finds that there is nothing left to do.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 50;
/** Far longer than any build (about 2 s): a lock this old is of a process id that was given away again. */
const MAX_WAIT_MS = 120_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function tryLock(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return false;
  }
}

/** Removes the lock of a process that is gone. An empty file is a lock that is just being written. */
function breakDeadLock(file) {
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8"));
  if (pid > 0 && !isAlive(pid)) rmSync(file, { force: true });
}

/**
 * Runs `work` while holding `file` as a lock. Builds stay correct without it (they write aside and rename);
 * it saves doing the same work twice.
 */
export async function withLock(file, work) {
  mkdirSync(path.dirname(file), { recursive: true });
  const giveUpAtMs = Date.now() + MAX_WAIT_MS;
  let holds = tryLock(file);
  while (!holds && Date.now() < giveUpAtMs) {
    breakDeadLock(file);
    await delay(POLL_MS);
    holds = tryLock(file);
  }
  try {
    return await work();
  } finally {
    if (holds) rmSync(file, { force: true });
  }
}

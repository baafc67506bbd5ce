import { readFileSync } from "node:fs";
import { readChildPids } from "../bin/process-figures";

/** Pid of the private redis-server of this process. Throws when there is none. */
export function findRedis(): number {
  const pid = readChildPids(process.pid).find((child) =>
    /redis-server|valkey-server/.test(readFileSync(`/proc/${child}/cmdline`, "utf8")),
  );
  if (pid === undefined) throw new Error("the private redis-server was not found");
  return pid;
}

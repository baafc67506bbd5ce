import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second of /proc, the same on every Linux (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** Fields of /proc/PID/stat, numbered as in proc(5) from 3 on; the name before them may hold anything but ends with the last ")". */
function statFields(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

/** Resident memory from the text of /proc/PID/status, MB (10^6 bytes). */
export function parseRssMb(status: string): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined) throw new Error("the process has no resident memory; it may have ended");
  return (Number(kib) * 1024) / 1e6;
}

/** Time on all CPUs, user and system, from the text of /proc/PID/stat, ms. */
export function parseCpuMs(stat: string): number {
  const fields = statFields(stat);
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

export function parseParentPid(stat: string): number {
  return Number(statFields(stat)[1]);
}

export function readRssMb(pid: number): number {
  return parseRssMb(readFileSync(`/proc/${pid}/status`, "utf8"));
}

export function readCpuMs(pid: number): number {
  return parseCpuMs(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** Pids of a process's children, lowest first. */
export function readChildPids(parentPid: number): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const isChild = (pid: string): boolean => {
    try {
      return parseParentPid(readFileSync(`/proc/${pid}/stat`, "utf8")) === parentPid;
    } catch {
      // It ended while the list was read.
      return false;
    }
  };
  return pids
    .filter(isChild)
    .map(Number)
    .sort((a, b) => a - b);
}

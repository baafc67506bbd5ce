import { broken, ok, warn, type Check } from "../check";
import type { Probes } from "../probes";

/** Settings, logs and a lock file need little; a recorded hour with sound takes up to 700 MB. */
const DISK = { brokenBytes: 50e6, warnBytes: 1e9 } as const;
/** Orchestrator, ears and worker take some 500 MB together, the window as much again. */
const MEMORY = { brokenBytes: 300e6, warnBytes: 1e9 } as const;

export function checkDisk({ freeDiskBytes }: Pick<Probes, "freeDiskBytes">): Check {
  return {
    name: "disk",
    async run() {
      const { folder, freeBytes } = await freeDiskBytes();
      const words = `${size(freeBytes)} are free where ${folder} is.`;
      const fix = `df -h ${folder}; recordings: parley history list, and parley history delete ID`;
      if (freeBytes < DISK.brokenBytes) return broken(words, fix);
      return freeBytes < DISK.warnBytes ? warn(words, fix) : ok(words);
    },
  };
}

export function checkMemory({ memory }: Pick<Probes, "memory">): Check {
  return {
    name: "memory",
    async run() {
      const { totalBytes, availableBytes } = await memory();
      const words = `${size(availableBytes)} of ${size(totalBytes)} of memory are available.`;
      const fix = "ps aux --sort=-rss | head, and end what is not needed";
      if (availableBytes < MEMORY.brokenBytes) return broken(words, fix);
      return availableBytes < MEMORY.warnBytes ? warn(words, fix) : ok(words);
    },
  };
}

function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

import { broken, ok, warn, type Check } from "../check";
import type { Probes } from "../probes";

/** Settings, logs and a lock file need little; a recorded hour with sound takes up to 700 MB. */
const DISK = { brokenBytes: 50e6, warnBytes: 1e9 } as const;
/** Orchestrator, ears and worker take some 500 MB together, the window as much again. */
const MEMORY = { brokenBytes: 300e6, warnBytes: 1e9 } as const;

const LACKS = {
  XDG_CONFIG_HOME: "settings are not kept",
  XDG_DATA_HOME: "conversations are not kept",
  XDG_CACHE_HOME: "no redis-server can be fetched",
  XDG_RUNTIME_DIR: "Parley's own Redis does not start",
} as const;

export function checkDisk({
  freeDiskBytes,
  unwritableFolders,
}: Pick<Probes, "freeDiskBytes" | "unwritableFolders">): Check {
  return {
    name: "disk",
    async run() {
      const { folder, freeBytes } = await freeDiskBytes();
      const words = `${size(freeBytes)} are free where ${folder} is.`;
      const fix = `df -h ${folder}; recordings: parley history list, and parley history delete ID`;
      const unwritable = (await unwritableFolders()).map(({ folder, variable }) =>
        warn(
          `Nothing can be written to ${folder}: ${LACKS[variable]}.`,
          `ls -ld ${folder}; or another one: export ${variable}=FOLDER`,
        ),
      );
      if (freeBytes < DISK.brokenBytes) return [broken(words, fix), ...unwritable];
      return [freeBytes < DISK.warnBytes ? warn(words, fix) : ok(words), ...unwritable];
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

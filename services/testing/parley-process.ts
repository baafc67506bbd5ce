import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { DIST_ENTRY_FOLDER } from "./dist-entry";

export interface ParleyRun {
  readonly process: ChildProcess;
  readonly pid: number;
  /** All that was printed so far. */
  readonly stdout: string;
  readonly stderr: string;
  /** The first match in what is or will be printed; rejects when the process ends without it. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Exit code, when it has ended by itself. */
  readonly ended: Promise<number | null>;
  /** SIGTERM, and gone when this resolves. */
  stop(): Promise<void>;
}

export interface ParleyRunOptions {
  /** Replaces variables of the environment; undefined removes one. */
  env?: Record<string, string | undefined>;
  /** Network namespace to run in; needs root. */
  namespace?: string;
  /** Number of another user to run as; needs root and util-linux. */
  user?: number;
}

/** Runs the built command line as a user does, with caches and lock files of its own. */
export function runParley(args: readonly string[], options: ParleyRunOptions = {}): ParleyRun {
  const home = mkdtempSync(path.join(os.tmpdir(), "parley-run-"));
  const env = {
    ...process.env,
    REDIS_URL: undefined,
    PARLEY_TOKEN: undefined,
    XDG_RUNTIME_DIR: home,
    XDG_CACHE_HOME: path.join(home, "cache"),
    XDG_CONFIG_HOME: path.join(home, "config"),
    ...options.env,
  };
  const command = [process.execPath, fileURLToPath(new URL("parley.js", DIST_ENTRY_FOLDER)), ...args];
  // They become the program, so that the process is the same.
  const place = options.namespace === undefined ? [] : ["ip", "netns", "exec", options.namespace];
  const [file = "", ...rest] = [...place, ...asUser(options.user, home), ...command];
  const child = spawn(file, rest, {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      for (const watch of watchers) watch();
    });
  }
  const ended = once(child, "close").then(([code]) => {
    rmSync(home, { recursive: true, force: true });
    return code as number | null;
  });
  return {
    process: child,
    pid: child.pid ?? -1,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          const match = pattern.exec(output.stdout);
          if (match === null) return;
          watchers.delete(watch);
          resolve(match);
        };
        watchers.add(watch);
        void ended.then((code) =>
          reject(
            new Error(`parley ended with ${code} before it printed ${pattern}:\n${output.stdout}${output.stderr}`),
          ),
        );
        watch();
      }),
    async stop() {
      child.kill("SIGTERM");
      // A process that a test has frozen must go on to come to its end.
      child.kill("SIGCONT");
      await ended;
    },
  };
}

function asUser(user: number | undefined, home: string): string[] {
  if (user === undefined) return [];
  chownSync(home, user, user);
  return ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups", "--"];
}

/** Process id of the running entry (for instance "ears") that descends from `ancestorPid`. Linux only. */
export function findEntryPid(ancestorPid: number, entry: string): number {
  const pids = descendants(ancestorPid).filter((pid) => commandLine(pid).includes(`${entry}.js`));
  const [pid] = pids;
  if (pid === undefined) throw new Error(`no ${entry} runs below process ${ancestorPid}`);
  return pid;
}

/** All processes below this one. */
export function descendants(pid: number): number[] {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid)
    .map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
}

export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** False for zombies too. */
export function isRunning(pid: number): boolean {
  try {
    readlinkSync(`/proc/${pid}/exe`);
    return true;
  } catch {
    return false;
  }
}

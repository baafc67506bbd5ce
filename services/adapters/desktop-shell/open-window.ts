import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Clock } from "#core/ports/clock";
import { whyItEnded, type ElectronEnd } from "./why-it-ended";

/** Electron as a process. */
export interface ElectronProcess {
  onLine(listener: (line: string) => void): void;
  onEnd(listener: (end: ElectronEnd) => void): void;
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

export interface OpenWindowOptions {
  start(): ElectronProcess;
  clock: Clock;
  /** The person wants to stop, before or after the window is there. */
  stopped: Promise<void>;
}

export type OpenedWindow =
  /** `ended` resolves with why it ended badly, with undefined when it was closed. */
  | { type: "open"; ended: Promise<string | undefined> }
  /** Stopped before it was there. */
  | { type: "stopped" }
  /** A Parley that runs already has shown its window. */
  | { type: "shown" }
  | { type: "failed"; reason: string };

/** The desktop's main process prints it when its window is there. */
const OPEN_LINE = "Parley's window is open.";
const OPEN_TIMEOUT_MS = 20_000;

/** Starts Electron; resolves when the window is there or cannot be, at the latest after 20 s. */
export function openWindow({ start, clock, stopped }: OpenWindowOptions): Promise<OpenedWindow> {
  return new Promise((resolve) => {
    const electron = start();
    let isStopped = false;
    void stopped.then(() => {
      isStopped = true;
      electron.kill("SIGTERM");
    });
    const ended = new Promise<string | undefined>((resolveEnd) => {
      electron.onEnd((end) => {
        timer.dispose();
        const reason = end.code === 0 || isStopped ? undefined : whyItEnded(end);
        if (isStopped) resolve({ type: "stopped" });
        else resolve(reason === undefined ? { type: "shown" } : { type: "failed", reason });
        resolveEnd(reason);
      });
    });
    const timer = clock.setTimer(OPEN_TIMEOUT_MS, () => {
      electron.kill("SIGKILL");
      resolve({ type: "failed", reason: `no window opened within ${OPEN_TIMEOUT_MS / 1000} s` });
    });
    electron.onLine((line) => {
      if (line !== OPEN_LINE) return;
      timer.dispose();
      resolve({ type: "open", ended });
    });
  });
}

export interface ElectronStart {
  program: string;
  args: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** A line of Parley's own log. */
  onLogLine(line: string): void;
}

/** Its beginning says why it cannot start; of the rest nobody asks. */
const MAX_STDERR_CHARS = 8_192;

/** In a process group of its own: Ctrl-C reaches it through `kill`, not all its processes at once. */
export function startElectron(options: ElectronStart): ElectronProcess {
  // A variable that is left over from an editor would turn Electron into a plain Node.
  const { ELECTRON_RUN_AS_NODE: _asNode, ...env } = options.env;
  const child = spawn(options.program, [...options.args], { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  createInterface(child.stderr).on("line", (line) => {
    if (line.startsWith("{")) options.onLogLine(line);
    else if (stderr.length < MAX_STDERR_CHARS) stderr += `${line}\n`;
  });
  return {
    onLine: (listener) => void createInterface(child.stdout).on("line", listener),
    onEnd: (listener) => {
      let hasEnded = false;
      const end = (outcome: ElectronEnd): void => {
        if (hasEnded) return;
        hasEnded = true;
        listener(outcome);
      };
      child.once("error", (error) => end({ code: 1, signal: null, stderr: error.message }));
      child.once("close", (code, signal) => end({ code, signal, stderr }));
    },
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

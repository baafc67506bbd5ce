import { spawn } from "node:child_process";

export interface CommandOptions {
  timeoutMs: number;
  cwd?: string;
  /** The whole environment of the command; the inherited one when absent. */
  env?: Readonly<Record<string, string>>;
}

export interface CommandResult {
  /** Null when it could not be started, was ended by a signal or took too long. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. Never rejects and never hangs: after `timeoutMs` it is killed with all its children. */
export type CommandRunner = (
  command: readonly [string, ...string[]],
  options: CommandOptions,
) => Promise<CommandResult>;

/** Far more than any program run here prints; what comes after it is dropped. */
const MAX_OUTPUT_CHARACTERS = 1_000_000;

export const runCommand: CommandRunner = ([program, ...args], options) =>
  new Promise((resolve) => {
    // A group of its own, so that helpers of the program (apt's download methods) end with it and free its pipes.
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        if (output[name].length < MAX_OUTPUT_CHARACTERS) output[name] += text;
      });
    }
    let isOver = false;
    const end = (exitCode: number | null): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      resolve({ exitCode, ...output });
    };
    const timer = setTimeout(() => {
      output.stderr += `\n${program} took longer than ${options.timeoutMs} ms`;
      killGroup(child.pid);
      end(null);
    }, options.timeoutMs);
    child.once("error", (error) => {
      output.stderr += error.message;
      end(null);
    });
    child.once("close", (code) => end(code));
  });

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended at this very moment.
  }
}

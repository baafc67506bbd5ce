import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startFakeOrchestrator, type FakeOrchestrator } from "#testing/fake-orchestrator";
import type { FakeScript } from "#testing/fake-orchestrator-session";
import { CLIP } from "./mic-wav";

export interface RunningOrchestrator {
  url: string;
  /** Only with scripted replies. */
  fake: FakeOrchestrator | undefined;
  close(): Promise<void>;
}

export const SCRIPT: FakeScript = {
  userTranscript: CLIP.words,
  reply: "I heard you well. Ask me anything, and cut in whenever you like.",
};

export async function startFake(): Promise<RunningOrchestrator> {
  const fake = await startFakeOrchestrator({ rendererFolder: "dist/renderer", script: { ...SCRIPT } });
  return { url: fake.url, fake, close: () => fake.close() };
}

/**
 * Starts Parley as its users do, and waits for the address that it prints. Settings and lock files are in `home`, by
 * default in a folder of its own that goes with it.
 */
export async function startReal(options: { home?: string } = {}): Promise<RunningOrchestrator> {
  const home = options.home ?? mkdtempSync(path.join(os.tmpdir(), "parley-e2e-"));
  const { REDIS_URL: _redis, PARLEY_TOKEN: _token, ...inherited } = process.env;
  const child = spawn("npm", ["start", "--silent", "--", "--port", "0"], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...inherited,
      XDG_CONFIG_HOME: path.join(home, "config"),
      XDG_DATA_HOME: path.join(home, "data"),
      XDG_RUNTIME_DIR: home,
    },
  });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    const read = (data: Buffer): void => {
      output += data.toString("utf8");
      const found = /https?:\/\/[^\s"]+#token=[^\s"]+/.exec(output);
      if (found !== null) resolve(found[0]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("exit", (code) =>
      reject(new Error(`the orchestrator ended with ${code} before it printed its address:\n${output}`)),
    );
  });
  return {
    url,
    fake: undefined,
    close: async () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGTERM");
      await exited;
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

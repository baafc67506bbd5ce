import { spawn } from "node:child_process";
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

export interface StartedParley {
  /** With the token. */
  url: string;
  /** Of the program that was started; its parts are below it. */
  pid: number;
  close(): Promise<void>;
}

/** Starts Parley as its users do, for the browser, and waits for the address that it prints. */
export async function startParley(args: readonly string[], env: Record<string, string>): Promise<StartedParley> {
  const child = spawn("npm", ["start", "--silent", "--", "--port", "0", ...args], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env,
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
      reject(new Error(`Parley ended with ${code} before it printed its address:\n${output}`)),
    );
  });
  const pid = child.pid ?? -1;
  return {
    url,
    pid,
    close: async () => {
      if (child.exitCode === null) process.kill(-pid, "SIGTERM");
      await exited;
    },
  };
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { welcomeBack } from "#testing/known-person";
import { commandLine, descendants } from "#testing/parley-process";
import { writeMicWav, type MicWavOptions } from "../mic-wav";
import type { ParleyPage } from "../pages/parley-page";

/** Where a person has the page before them. */
export type Host = "chromium" | "electron";

export type Part = "orchestrator" | "tts-worker" | "ears" | "redis-server";

/** One Parley with everything real behind its page, and what happens around it. */
export interface World {
  readonly host: Host;
  readonly home: Home;
  /** Another one after a restart. */
  readonly parley: ParleyPage;
  readonly page: Page;
  /** Errors of the page and breaches of its policy so far. */
  readonly complaints: string[];
  /** Where its orchestrator answers, without a token: `http://127.0.0.1:<port>/`. */
  address(): Promise<string>;
  /** Process id of a part that runs. */
  pidOf(part: Part): Promise<number | undefined>;
  /** The text of the file that the page hands out. */
  download(press: () => Promise<void>): Promise<string>;
  /** Ends Parley and starts it again in the same home. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  home: Home;
  /** Added to the environment. */
  env?: Record<string, string>;
  /** Added to the home's arguments. */
  args?: readonly string[];
}

/** Everything that Parley keeps on a computer, in a folder for one test. */
export interface Home {
  folder: string;
  env: Record<string, string>;
  /** Arguments for each start. */
  args: readonly string[];
  /** What the microphone hears, from its next opening on. */
  microphoneFile: string;
  hear(options: MicWavOptions): void;
  remove(): void;
}

/** A user's folders with nothing chosen in them. No language model of this computer answers. */
export function createHome({ isFirstRun = false }: { isFirstRun?: boolean } = {}): Home {
  const folder = mkdtempSync(path.join(os.tmpdir(), "parley-home-"));
  const { REDIS_URL: _redis, PARLEY_TOKEN: _token, ...inherited } = process.env;
  const configFile = path.join(folder, "orchestrator.yaml");
  writeFileSync(configFile, "brain:\n  kind: builtin\n");
  if (!isFirstRun) welcomeBack(path.join(folder, "config"));
  const microphoneFile = path.join(folder, "microphone.wav");
  return {
    folder,
    env: {
      ...Object.fromEntries(
        Object.entries(inherited).filter((pair): pair is [string, string] => pair[1] !== undefined),
      ),
      XDG_CONFIG_HOME: path.join(folder, "config"),
      XDG_DATA_HOME: path.join(folder, "data"),
      XDG_RUNTIME_DIR: folder,
    },
    args: ["--config", configFile],
    microphoneFile,
    hear: (options) => writeMicWav(microphoneFile, options),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Below the process `pid`. */
export function findPart(pid: number, part: Part): number | undefined {
  const program = part === "redis-server" ? part : `${part}.js`;
  return descendants(pid).find((each) => commandLine(each).includes(program));
}

import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { _electron, type ElectronApplication, type Page } from "@playwright/test";
import type { DesktopBridge, DesktopConnection } from "#contracts/ipc/desktop-bridge";
import { installAudioTap } from "../audio-tap";
import { writeMicWav, type MicWavOptions } from "../mic-wav";
import { ParleyPage } from "../pages/parley-page";
import { openVirtualDisplay } from "./display";

export interface DesktopOptions {
  /** The Electron program. */
  program: string;
  microphone: MicWavOptions;
  /** Folder of its settings and lock files; one of its own, removed at the end, unless given. */
  home?: string;
}

export interface Desktop {
  app: ElectronApplication;
  page: Page;
  parley: ParleyPage;
  /** Of the main process. */
  pid: number;
  /** Breaches of the page's policy and its errors, oldest first. */
  complaints: string[];
  /** What the page's bridge says. */
  connection(): Promise<DesktopConnection>;
  /** Process id of a service, for instance "orchestrator". */
  servicePid(entry: string): Promise<number | undefined>;
  /** Starts the program once more, as a person does who has forgotten the window; resolves with its exit code. */
  startAgain(): Promise<number | null>;
  /** Presses keys on the display, whatever has the focus; in xdotool's words. */
  pressKeys(keys: string): Promise<void>;
  /** Ends the main process alone, as a crash does. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

const REPOSITORY = path.resolve(import.meta.dirname, "../..");

/** Opens Parley's window in a real Electron, with settings, locks and a display of its own. */
export async function openDesktop(options: DesktopOptions): Promise<Desktop> {
  const home = options.home ?? mkdtempSync(path.join(os.tmpdir(), "parley-desktop-"));
  const display = await openVirtualDisplay();
  const args = [
    // The tests may run as root, for whom Chromium has no sandbox.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    `--user-data-dir=${path.join(home, "data")}`,
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-audio-capture=${writeMicWav(home, options.microphone)}%noloop`,
    REPOSITORY,
  ];
  const env = {
    ...definedOf(process.env),
    DISPLAY: display.name,
    XDG_RUNTIME_DIR: home,
    XDG_CONFIG_HOME: path.join(home, "config"),
  };
  const app = await _electron.launch({ executablePath: options.program, args, env });
  const page = await app.firstWindow();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  const parley = new ParleyPage(page);
  await installAudioTap(page);
  await page.reload();
  return {
    app,
    page,
    parley,
    complaints,
    pid: app.process().pid ?? -1,
    connection: () => page.evaluate(() => (window as unknown as { parley: DesktopBridge }).parley.connection()),
    servicePid: (entry) =>
      app.evaluate(
        ({ app: main }, name) => main.getAppMetrics().find((each) => each.name === name)?.pid,
        `parley ${entry}`,
      ),
    startAgain: () =>
      new Promise((resolve) => {
        spawn(options.program, args, { env, stdio: "ignore" }).once("exit", (code) => resolve(code));
      }),
    pressKeys: async (keys) => {
      await promisify(execFile)("xdotool", ["key", keys], { env });
    },
    crash: async () => {
      const ended = new Promise((resolve) => app.process().once("exit", resolve));
      app.process().kill("SIGKILL");
      await ended;
      await display.close();
    },
    close: async () => {
      await app.close();
      await display.close();
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const { REDIS_URL: _redis, PARLEY_TOKEN: _token, ...rest } = env;
  return Object.fromEntries(Object.entries(rest).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

import { execFile, spawn } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { _electron, type ElectronApplication, type Page } from "@playwright/test";
import type { DesktopBridge, DesktopConnection } from "#contracts/ipc/desktop-bridge";
import { installAudioTap } from "../audio-tap";
import { collectComplaints } from "../chromium";
import { ParleyPage } from "../pages/parley-page";
import type { WorldOptions } from "../worlds/world";
import { openVirtualDisplay } from "./display";

export interface DesktopOptions extends WorldOptions {
  /** The Electron program. */
  program: string;
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

/** Opens Parley's window in a real Electron, on a display of its own. */
export async function openDesktop({ program, home, ...options }: DesktopOptions): Promise<Desktop> {
  const display = await openVirtualDisplay();
  const args = [
    // The tests may run as root, for whom Chromium has no sandbox.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    `--user-data-dir=${path.join(home.folder, "window")}`,
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-audio-capture=${home.microphoneFile}%noloop`,
    REPOSITORY,
    ...home.args,
    ...(options.args ?? []),
  ];
  const env = { ...home.env, ...options.env, DISPLAY: display.name };
  const app = await _electron.launch({ executablePath: program, args, env });
  const page = await app.firstWindow();
  const complaints = collectComplaints(page);
  const parley = new ParleyPage(page);
  await installAudioTap(page);
  await page.reload();
  await page.getByRole("main").waitFor();
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
        spawn(program, args, { env, stdio: "ignore" }).once("exit", (code) => resolve(code));
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
    },
  };
}

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { _electron, type ElectronApplication } from "playwright";
import { places } from "../bin/places";

const REPOSITORY = fileURLToPath(new URL("../../", places.entryFolder));
/** Prepares the Electron that the tests use, and prints where it is. */
const RUNTIME_SCRIPT = path.join(REPOSITORY, "services/build/electron-runtime.mjs");

export interface LaunchOptions {
  /** Where settings and locks lie. */
  home: string;
  /** More of Chromium's arguments. */
  args?: readonly string[];
}

export interface ElectronWindows {
  /** Parley, for a person who has seen the welcome. */
  launchParley(options: LaunchOptions): Promise<ElectronApplication>;
  /** An app of one window that shows this address and nothing else. */
  launchPlain(url: string, options: LaunchOptions): Promise<ElectronApplication>;
  close(): void;
}

/** A real Electron on a display without a screen; undefined where the one for tests cannot be had. */
export async function openElectronWindows(progress: (line: string) => void): Promise<ElectronWindows | undefined> {
  const program = await promisify(execFile)(process.execPath, [RUNTIME_SCRIPT]).then(
    ({ stdout }) => stdout.trim(),
    (error: unknown) => progress(`no Electron: ${error instanceof Error ? error.message : String(error)}`),
  );
  if (program === undefined) return undefined;
  const display = await openDisplay();
  const launch = (folder: string, { home, args = [] }: LaunchOptions): Promise<ElectronApplication> =>
    _electron.launch({
      executablePath: program,
      args: [
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        `--user-data-dir=${path.join(home, "data")}`,
        "--use-fake-device-for-media-stream",
        ...args,
        folder,
      ],
      env: {
        ...definedOf(process.env),
        DISPLAY: display.name,
        XDG_RUNTIME_DIR: path.join(home, "run"),
        XDG_CONFIG_HOME: path.join(home, "config"),
      },
    });
  return {
    launchParley(options) {
      const settings = path.join(options.home, "config/parley/settings.json");
      mkdirSync(path.dirname(settings), { recursive: true });
      writeFileSync(settings, JSON.stringify({ version: 1, settings: {}, secrets: {} }));
      return launch(REPOSITORY, options);
    },
    async launchPlain(url, options) {
      const app = await launch(writePlainApp(options.home), options);
      await app.evaluate(async ({ app: electron, BrowserWindow }, address) => {
        await electron.whenReady();
        // As Parley's own window is.
        const webPreferences = {
          sandbox: true,
          autoplayPolicy: "no-user-gesture-required",
          backgroundThrottling: false,
        };
        await new BrowserWindow({ width: 1280, height: 800, webPreferences } as object).loadURL(address);
      }, url);
      return app;
    },
    close: () => display.close(),
  };
}

function writePlainApp(home: string): string {
  const folder = path.join(home, "plain-app");
  mkdirSync(folder, { recursive: true });
  const manifest = { name: "plain", productName: "Plain", version: "0.0.0", type: "module", main: "main.js" };
  writeFileSync(path.join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(path.join(folder, "main.js"), "");
  return folder;
}

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

async function openDisplay(): Promise<{ name: string; close(): void }> {
  const server = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [data] = (await once(server.stdout, "data")) as [Buffer];
  return { name: `:${data.toString("utf8").trim()}`, close: () => void server.kill() };
}

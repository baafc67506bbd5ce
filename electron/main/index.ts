// The desktop window: starts Parley's services as utility processes and shows the page over app://.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { app, dialog, powerMonitor, session, type BrowserWindow } from "electron";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import { systemIds } from "#adapters/system/system-ids";
import { toWireError } from "#contracts/errors";
import type { DesktopEvent, TalkCommand } from "#contracts/ipc/desktop-bridge";
import { givenVariable } from "#core/config/given-variable";
import { createPlaces } from "#host/places";
import { registerAppScheme, serveAppScheme } from "./app-scheme";
import { serveDesktopIpc, tellPage } from "./desktop-ipc";
import { findFreePort, startDesktopServices, type DesktopServices } from "./desktop-services";
import { openDesktopSettings } from "./desktop-settings";
import { createEarsWatch } from "./ears-watch";
import { readEnvironment } from "./environment";
import { createLoginItem } from "./login-item";
import { openMainWindow } from "./main-window";
import { guardPermissions } from "./page-guard";
import { createShortcutKeys } from "./shortcut-keys";
import { createUtilityStarter } from "./starters/utility-starter";
import { openTalkControls, type TalkControls } from "./talk-controls";

/** `npm start` waits for this line. */
const OPEN_LINE = "Parley's window is open.";
/** A page that crashes more often than this is not loaded again. */
const MAX_PAGE_CRASHES = 3;

const env = readEnvironment();
const log = createPinoLogger({ level: env["PARLEY_LOG_LEVEL"] === "debug" ? "debug" : "warn", service: "desktop" });

let window: BrowserWindow | undefined;
let services: DesktopServices | undefined;
let controls: TalkControls | undefined;
let pageCrashCount = 0;
let quitting: "no" | "stopping" | "stopped" = "no";

registerAppScheme();
if (app.requestSingleInstanceLock()) {
  app.on("second-instance", showWindow);
  app.on("activate", showWindow);
  app.on("window-all-closed", () => app.quit());
  app.on("before-quit", (event) => {
    if (quitting === "stopped") return;
    event.preventDefault();
    if (quitting === "no") void stopAndExit(0);
  });
  app.on("child-process-gone", (_event, { type, serviceName, reason, exitCode }) => {
    if (reason !== "clean-exit") log.warn("a process ended unexpectedly", { type, serviceName, reason, exitCode });
  });
  app.whenReady().then(open).catch(fail);
} else {
  app.exit(0);
}

async function open(): Promise<void> {
  // The benchmark counts from here.
  performance.mark("parley-ready");
  const places = createPlaces(new URL("../services/", import.meta.url), env);
  const port = await findFreePort();
  const ears = createEarsWatch((state) => tell({ type: "part", part: "ears", state }));
  services = startDesktopServices({
    starter: createUtilityStarter({
      entryFolder: places.entryFolder,
      env,
      onStarted: (child, { entry }) => {
        if (entry === "ears") ears.watch(child);
      },
    }),
    places,
    env,
    log,
    port,
    token: givenVariable(env, "PARLEY_TOKEN") ?? systemIds.secret(),
    configFile: readOption("config"),
    profile: readOption("profile"),
    mode: readOption("mode"),
    advertise: readOption("advertise"),
    onGivenUp: fail,
    onPartState: (part, state) => tell({ type: "part", part, state }),
  });
  const { launch, ready } = services;
  controls = openTalkControls({ onCommand, onShow: showWindow, log });
  const settings = openDesktopSettings({
    file: path.join(app.getPath("userData"), "desktop.json"),
    keys: createShortcutKeys(() => onCommand("toggle-talk")),
    login: createLoginItem(env),
  });
  guardPermissions(session.defaultSession);
  serveAppScheme(places.uiFolder, `ws://127.0.0.1:${port}`);
  serveDesktopIpc({
    page: () => window?.webContents,
    launch,
    connection: () => ready,
    onReport: (talk) => controls?.show(talk),
    settings: settings.read,
    changeSettings: settings.change,
  });
  powerMonitor.on("suspend", () => tell({ type: "suspend" }));
  powerMonitor.on("resume", () => tell({ type: "wake" }));
  showWindow();
  await ready;
}

function tell(event: DesktopEvent): void {
  tellPage(window?.webContents, event);
}

function onCommand(command: TalkCommand): void {
  tell({ type: "command", command });
}

function showWindow(): void {
  if (window !== undefined) {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
    return;
  }
  // Before it is ready there is nothing to show it in; quitting needs no window any more.
  if (services === undefined || quitting !== "no") return;
  window = openMainWindow({
    preload: fileURLToPath(new URL("preload.cjs", import.meta.url)),
    stateFile: path.join(app.getPath("userData"), "window.json"),
    onPageCrash: recoverPage,
  });
  window.once("show", () => process.stdout.write(`${OPEN_LINE}\n`));
  window.once("closed", () => (window = undefined));
}

function recoverPage(crashed: BrowserWindow): void {
  pageCrashCount++;
  log.error("the page crashed", { pageCrashCount });
  controls?.show();
  if (pageCrashCount <= MAX_PAGE_CRASHES) crashed.reload();
  else fail(new Error("The page keeps crashing."));
}

/** Says in a dialog what went wrong, then ends. */
function fail(error: unknown): void {
  if (quitting !== "no") return;
  log.error("Parley cannot go on", { error });
  const { message, action } = toWireError(error);
  dialog.showErrorBox("Parley cannot go on", `${message}\n\n${action}`);
  void stopAndExit(1);
}

async function stopAndExit(code: number): Promise<void> {
  quitting = "stopping";
  window?.hide();
  await services?.stop();
  quitting = "stopped";
  app.exit(code);
}

/** `--config FILE`, `--profile NAME`, `--mode MODE` or `--advertise HOST:PORT`; all else on the command line is Chromium's. A package has no script before its arguments, others do. */
function readOption(name: "config" | "profile" | "mode" | "advertise"): string | undefined {
  const { values } = parseArgs({ args: process.argv.slice(1), strict: false, options: { [name]: { type: "string" } } });
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}

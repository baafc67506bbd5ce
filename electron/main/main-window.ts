import { BrowserWindow, nativeTheme, screen } from "electron";
import { PAGE_URL } from "./app-scheme";
import { guardNavigation } from "./page-guard";
import { placeOnDisplays, readWindowState, writeWindowState } from "./window-state";

/** A hidden window may never report its first paint where there is no GPU; it is shown all the same. */
const FIRST_PAINT_TIMEOUT_MS = 2_000;

export interface MainWindowOptions {
  /** Built preload script. */
  preload: string;
  /** Keeps size and place between starts. */
  stateFile: string;
  onPageCrash(window: BrowserWindow): void;
}

/** Opens the one window, where it was the last time. Shown when it has something to show. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const { isMaximized, ...bounds } = placeOnDisplays(readWindowState(options.stateFile), areas);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 340,
    minHeight: 420,
    show: false,
    title: "Parley",
    backgroundColor: nativeTheme.shouldUseDarkColors ? "#131416" : "#f7f7f5",
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      // The agent may speak first, and goes on speaking while the window is covered.
      autoplayPolicy: "no-user-gesture-required",
      backgroundThrottling: false,
    },
  });
  guardNavigation(window.webContents);
  const show = (): void => {
    if (window.isDestroyed() || window.isVisible()) return;
    if (isMaximized) window.maximize();
    window.show();
  };
  window.once("ready-to-show", show);
  window.webContents.once("did-finish-load", () => setTimeout(show, FIRST_PAINT_TIMEOUT_MS));
  window.on("close", () => {
    const { x, y, width, height } = window.getNormalBounds();
    writeWindowState(options.stateFile, { x, y, width, height, isMaximized: window.isMaximized() });
  });
  window.webContents.on("render-process-gone", (_event, { reason }) => {
    if (reason !== "clean-exit") options.onPageCrash(window);
  });
  void window.loadURL(PAGE_URL);
  return window;
}

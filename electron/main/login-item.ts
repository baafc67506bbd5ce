import path from "node:path";
import { app } from "electron";
import type { Environment } from "#host/places";
import { createAutostart } from "./autostart";
import type { LoginItem } from "./desktop-settings";

/** Whether the system starts Parley when the person logs in; read from the system each time. */
export function createLoginItem(env: Environment): LoginItem {
  if (process.platform === "linux") {
    const file = path.join(app.getPath("appData"), "autostart/parley.desktop");
    return createAutostart({ file, command: startCommand(env) });
  }
  return {
    // Elsewhere a checkout would register Electron itself.
    isOffered: app.isPackaged,
    isOn: () => app.getLoginItemSettings().openAtLogin,
    set: (isOn) => app.setLoginItemSettings({ openAtLogin: isOn }),
  };
}

function startCommand(env: Environment): string[] {
  // An AppImage runs from a folder that is gone at the next login.
  const program = env["APPIMAGE"] ?? process.execPath;
  const sandbox = app.commandLine.hasSwitch("no-sandbox") ? ["--no-sandbox"] : [];
  return [program, ...sandbox, ...(app.isPackaged ? [] : [app.getAppPath()])];
}

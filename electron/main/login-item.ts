import { mkdirSync, rmSync, existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { app } from "electron";
import type { Environment } from "#host/places";
import type { LoginItem } from "./desktop-settings";
import { autostartEntry } from "./autostart-entry";

/** Whether the system starts Parley when the person logs in. Only an installed app has a program to start. */
export function createLoginItem(env: Environment): LoginItem {
  if (process.platform !== "linux") {
    return {
      isOffered: app.isPackaged,
      isOn: () => app.getLoginItemSettings().openAtLogin,
      set: (isOn) => app.setLoginItemSettings({ openAtLogin: isOn }),
    };
  }
  // Electron has no login items on Linux; desktops start what lies in this folder.
  const file = path.join(app.getPath("appData"), "autostart/parley.desktop");
  // An AppImage runs from a folder that is gone at the next login.
  const program = env["APPIMAGE"] ?? process.execPath;
  return {
    isOffered: app.isPackaged,
    isOn: () => existsSync(file),
    set(isOn) {
      if (!isOn) return rmSync(file, { force: true });
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, autostartEntry(program));
    },
  };
}

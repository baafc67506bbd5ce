import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { LoginItem } from "./desktop-settings";
import { autostartEntry, isAutostarted } from "./autostart-entry";

/** Electron has no login items on Linux; desktops start what lies in the XDG autostart folder. `command`: program and arguments. */
export function createAutostart({ file, command }: { file: string; command: readonly string[] }): LoginItem {
  return {
    isOffered: true,
    isOn: () => isAutostarted(readOrNothing(file), command),
    set(isOn) {
      if (!isOn) return rmSync(file, { force: true });
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, autostartEntry(command));
    },
  };
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

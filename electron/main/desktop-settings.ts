import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import type { DesktopSettings, DesktopSettingsPatch } from "#contracts/ipc/desktop-bridge";
import { parseJsonWith } from "#contracts/parse";

/** Kept between starts; whether Parley starts at login is kept by the system itself. */
const KeptSettings = z.object({ accelerator: z.string().max(60) });

/** Free on GNOME, KDE, macOS and Windows as they come. */
export const DEFAULT_ACCELERATOR = "CommandOrControl+Shift+Space";

export interface ShortcutKeys {
  /** Takes the keys in place of those held before; empty: holds none. */
  hold(accelerator: string): "on" | "off" | "taken" | "invalid";
}

export interface LoginItem {
  readonly isOffered: boolean;
  isOn(): boolean;
  set(isOn: boolean): void;
}

export interface DesktopSettingsDeps {
  file: string;
  keys: ShortcutKeys;
  login: LoginItem;
}

export interface DesktopSettingsStore {
  read(): DesktopSettings;
  change(patch: DesktopSettingsPatch): DesktopSettings;
}

/** Holds the kept shortcut at once. Keys that another program has stay chosen, so that they work once they are free. */
export function openDesktopSettings({ file, keys, login }: DesktopSettingsDeps): DesktopSettingsStore {
  let { accelerator } = readKept(file);
  let state = keys.hold(accelerator);
  const read = (): DesktopSettings => ({
    shortcut: { accelerator, state },
    login: { isOn: login.isOffered && login.isOn(), isOffered: login.isOffered },
  });
  return {
    read,
    change(patch) {
      if (patch.accelerator !== undefined) {
        accelerator = patch.accelerator;
        state = keys.hold(accelerator);
        keep(file, { accelerator });
      }
      if (patch.startsAtLogin !== undefined && login.isOffered) login.set(patch.startsAtLogin);
      return read();
    },
  };
}

function readKept(file: string): z.infer<typeof KeptSettings> {
  try {
    const parsed = parseJsonWith(KeptSettings, readFileSync(file, "utf8"));
    if (parsed.ok) return parsed.value;
  } catch {
    // the first start
  }
  return { accelerator: DEFAULT_ACCELERATOR };
}

function keep(file: string, kept: z.infer<typeof KeptSettings>): void {
  try {
    writeFileSync(file, JSON.stringify(kept));
  } catch {
    // It holds until Parley ends; the next start begins with the usual keys.
  }
}

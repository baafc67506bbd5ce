import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { KeptSettings } from "#contracts/settings/user-settings";

/** Settings with nothing chosen: the person has seen the welcome. `configHome`: XDG_CONFIG_HOME. Leaves those that are there. */
export function welcomeBack(configHome: string): void {
  const folder = path.join(configHome, "parley");
  const file = path.join(folder, "settings.json");
  if (existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify({ version: 1, settings: {}, secrets: {} } satisfies KeptSettings));
}

import path from "node:path";
import { channelToChild } from "#adapters/registry-channel/message-channel";
import { serveSettings } from "#adapters/settings-channel/serve-settings";
import { createSettingsFile, plainSecrets } from "#adapters/settings-file/settings-file";
import { systemClock } from "#adapters/system/system-clock";
import { Mode } from "#contracts/config/mode";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import type { SettingsState } from "#contracts/settings/user-settings";
import type { ChildHandle } from "#core/ports/child-process";
import type { Logger } from "#core/ports/logger";
import type { SecretBox, SettingsKeeper } from "#core/ports/settings";
import { settingsFromConfig } from "#core/settings/configured-settings";
import { openSettings, type OwnedSettings } from "#supervisor/settings-keeper";
import type { Environment, Places } from "./places";

/** "1" in a child's environment: its parent keeps the settings. */
export const SETTINGS_CHANNEL_ENV = "PARLEY_SETTINGS_CHANNEL";

export interface UserSettingsOptions {
  config: OrchestratorConfig;
  places: Pick<Places, "configDir">;
  env: Environment;
  /** Default: in the file, which only this user may read. */
  secrets?: SecretBox;
  /** What `--mode` says. */
  mode?: string | undefined;
  log: Logger;
}

/** What this person has chosen, over what the configuration says. Rejects with `file-unreadable`, or `bad-config`. */
export function openUserSettings(options: UserSettingsOptions): Promise<OwnedSettings> {
  const { config, places, env, secrets = plainSecrets, log } = options;
  const variable = ["REDIS_URL", "PARLEY_REDIS_URL"].find((name) => (env[name] ?? "") !== "");
  const mode = fixedMode(options);
  const fixedBy: SettingsState["fixedBy"] = {
    ...(variable === undefined ? {} : { redis: variable }),
    ...(mode === undefined ? {} : { mode: mode.by }),
  };
  const fixed = mode === undefined ? {} : { mode: mode.mode };
  const file = createSettingsFile({ path: path.join(places.configDir, "settings.json"), clock: systemClock });
  return openSettings({ file, secrets, configured: settingsFromConfig(config), fixed, fixedBy, log });
}

function fixedMode({ mode, env }: UserSettingsOptions): { mode: Mode; by: string } | undefined {
  const by = mode === undefined ? "PARLEY_MODE" : "--mode";
  const given = mode ?? env["PARLEY_MODE"] ?? "";
  if (given === "") return undefined;
  const parsed = parseWith(Mode, given);
  if (!parsed.ok) throw new AppError("bad-config", { detail: `${by} is one of ${Mode.options.join(", ")}` });
  return { mode: parsed.value, by };
}

export function serveSettingsOf(keeper: SettingsKeeper): (child: ChildHandle) => void {
  return (child) => serveSettings(keeper, channelToChild(child));
}

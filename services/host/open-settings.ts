import path from "node:path";
import { channelToChild } from "#adapters/registry-channel/message-channel";
import { serveSettings } from "#adapters/settings-channel/serve-settings";
import { createSettingsFile, plainSecrets } from "#adapters/settings-file/settings-file";
import { systemClock } from "#adapters/system/system-clock";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
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
  log: Logger;
}

/** What this person has chosen, over what the configuration says. Rejects with `file-unreadable`. */
export function openUserSettings(options: UserSettingsOptions): Promise<OwnedSettings> {
  const { config, places, env, secrets = plainSecrets, log } = options;
  const variable = ["REDIS_URL", "PARLEY_REDIS_URL"].find((name) => (env[name] ?? "") !== "");
  const fixedBy = variable === undefined ? {} : { redis: variable };
  const file = createSettingsFile({ path: path.join(places.configDir, "settings.json"), clock: systemClock });
  return openSettings({ file, secrets, configured: settingsFromConfig(config), fixedBy, log });
}

export function serveSettingsOf(keeper: SettingsKeeper): (child: ChildHandle) => void {
  return (child) => serveSettings(keeper, channelToChild(child));
}

import path from "node:path";
import { channelToChild } from "#adapters/registry-channel/message-channel";
import { serveSettings } from "#adapters/settings-channel/serve-settings";
import { createSettingsFile, plainSecrets, type SettingsFileOptions } from "#adapters/settings-file/settings-file";
import { systemClock } from "#adapters/system/system-clock";
import { Mode } from "#contracts/config/mode";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { SettingName, type SettingsState, type UserSettings } from "#contracts/settings/user-settings";
import type { ChildHandle } from "#core/ports/child-process";
import type { Logger } from "#core/ports/logger";
import type { SecretBox, SettingsFile, SettingsKeeper } from "#core/ports/settings";
import { entriesOfEnvironment } from "#core/config/config-entry";
import { KEYS_OF_SETTING } from "#core/config/settings-entries";
import { settingsFromConfig } from "#core/settings/configured-settings";
import { openSettings, type OwnedSettings } from "#supervisor/settings-keeper";
import { ORCHESTRATOR_KEYS, type ConfigOptions } from "./load-config";
import type { Environment, Places } from "./places";

/** "1" in a child's environment: its parent keeps the settings. */
export const SETTINGS_CHANNEL_ENV = "PARLEY_SETTINGS_CHANNEL";

export interface UserSettingsOptions {
  config: OrchestratorConfig;
  places: Pick<Places, "configDir">;
  env: Environment;
  /** Options of the command that decide keys of the configuration. */
  flags?: ConfigOptions["flags"];
  /** Default: in the file, which only this user may read. */
  secrets?: SecretBox;
  /** What `--mode` says. */
  mode?: string | undefined;
  /** A damaged file is left where it is. */
  onlyLooks?: boolean;
  log: Logger;
}

/** What this person has chosen, over what the configuration says. Rejects with `file-unreadable`, or `bad-config`. */
export function openUserSettings(options: UserSettingsOptions): Promise<OwnedSettings> {
  const { config, places, env, flags = {}, secrets = plainSecrets, log } = options;
  const configured = settingsFromConfig(config);
  const mode = fixedMode(options);
  const fixedBy: SettingsState["fixedBy"] = {};
  const fixed: Partial<UserSettings> = {};
  for (const name of SettingName.options) {
    const by = deciderOf(KEYS_OF_SETTING[name], env, flags);
    if (by === undefined) continue;
    fixedBy[name] = by;
    Object.assign(fixed, { [name]: configured[name] });
  }
  if (mode !== undefined) {
    fixedBy.mode = mode.by;
    fixed.mode = mode.mode;
  }
  const file = settingsFileIn(places, { setsAside: options.onlyLooks !== true });
  return openSettings({ file, secrets, configured, fixed, fixedBy, log });
}

export function settingsFileIn(
  { configDir }: Pick<Places, "configDir">,
  options: Pick<SettingsFileOptions, "setsAside"> = {},
): SettingsFile {
  return createSettingsFile({ ...options, path: path.join(configDir, "settings.json"), clock: systemClock });
}

/** The option or variable that decides one of these keys. */
function deciderOf(
  keys: readonly string[],
  env: Environment,
  flags: NonNullable<ConfigOptions["flags"]>,
): string | undefined {
  const option = keys.find((key) => flags[key]?.value !== undefined);
  if (option !== undefined) return flags[option]?.option;
  return entriesOfEnvironment(
    env,
    ORCHESTRATOR_KEYS.filter(({ key }) => keys.includes(key)),
  )[0]?.origin;
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

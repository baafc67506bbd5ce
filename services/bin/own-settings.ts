import { channelToParent } from "#adapters/registry-channel/message-channel";
import { createChannelSettings } from "#adapters/settings-channel/channel-settings";
import { systemClock } from "#adapters/system/system-clock";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { Logger } from "#core/ports/logger";
import type { SettingsKeeper } from "#core/ports/settings";
import { openUserSettings, type UserSettingsOptions, SETTINGS_CHANNEL_ENV } from "#host/open-settings";
import type { OwnedSettings } from "#supervisor/settings-keeper";
import { parent } from "./parent";
import { places } from "./places";

/** Those that the supervisor of this process keeps; undefined when it keeps none. */
export function settingsFromParent(): SettingsKeeper | undefined {
  if (process.env[SETTINGS_CHANNEL_ENV] !== "1") return undefined;
  return createChannelSettings({ channel: channelToParent(parent), clock: systemClock });
}

export function openSettings(
  config: OrchestratorConfig,
  log: Logger,
  decided: Pick<UserSettingsOptions, "mode" | "flags" | "onlyLooks"> = {},
): Promise<OwnedSettings> {
  return openUserSettings({ config, places, env: process.env, ...decided, log });
}

import type { SettingsView } from "#contracts/protocol/admin";
import type { SettingsState } from "#contracts/settings/user-settings";

export interface SettingsViewFacts extends Pick<
  SettingsView,
  "brainLabel" | "hasLanguageModel" | "isWorkerOnly" | "hasMode"
> {
  recordingsFolder: string | undefined;
}

/** What holds, without secrets. */
export function settingsViewOf(state: SettingsState, { recordingsFolder, ...facts }: SettingsViewFacts): SettingsView {
  const { settings, fixedBy, file, secretKeeping, isFirstRun, brainApiKey, redisPassword, notice } = state;
  return {
    ...facts,
    settings,
    fixedBy,
    file,
    secretKeeping,
    isFirstRun,
    hasBrainApiKey: brainApiKey !== undefined,
    hasRedisPassword: redisPassword !== undefined,
    ...(recordingsFolder === undefined ? {} : { recordingsFolder }),
    ...(notice === undefined ? {} : { notice }),
  };
}

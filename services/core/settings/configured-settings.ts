import type { BrainConfig } from "../../contracts/config/brain";
import type { OrchestratorConfig } from "../../contracts/config/orchestrator";
import type { RecordingScope } from "../../contracts/recording/recording";
import type { RedisConfig } from "../../contracts/config/redis";
import type { SettingsState, UserSettings } from "../../contracts/settings/user-settings";
import { presetOf } from "./turn-presets";

/** What holds while the person has chosen nothing. */
export function settingsFromConfig(config: OrchestratorConfig): UserSettings {
  const { kind, endpoint } = config.brain;
  return {
    voice: config.voice.default,
    turnPreset: presetOf(config.turn),
    brain: { kind, url: endpoint?.url ?? "", model: endpoint?.model ?? "" },
    redis: { url: config.redis.url, caFile: config.redis.ca_file },
    recording: recordingScopeOf(config),
    mode: config.mode,
  };
}

export function recordingScopeOf({ recording }: OrchestratorConfig): RecordingScope {
  if (!recording.enabled) return "off";
  return recording.keepAudio ? "audio" : "text";
}

/** The person's choice of a Redis; undefined while it is what the configuration says anyway. */
export function chosenRedis(
  configured: RedisConfig,
  { settings, redisPassword }: SettingsState,
): { url: string; caFile?: string; password?: string } | undefined {
  const { url, caFile } = settings.redis;
  if (url === configured.url && caFile === configured.ca_file && redisPassword === undefined) return undefined;
  return { url, caFile: caFile === "" ? undefined : caFile, password: redisPassword };
}

/** The brain's configuration with the person's choice in it. The configured key goes with the configured endpoint alone. */
export function brainConfigOf(configured: BrainConfig, state: SettingsState): BrainConfig {
  const { kind, url, model } = state.settings.brain;
  // Without a choice of the person, `auto` keeps the endpoint that the configuration names.
  if (kind !== "endpoint") return { ...configured, kind };
  const { apiKeyEnv, apiKey } = configured.endpoint?.url === url ? configured.endpoint : {};
  const key = state.brainApiKey === undefined ? { apiKeyEnv, apiKey } : { apiKey: state.brainApiKey };
  return { ...configured, kind, endpoint: { url, model: model === "" ? undefined : model, ...key } };
}

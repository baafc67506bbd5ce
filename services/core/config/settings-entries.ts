import type { KeptSettings, UserSettings } from "../../contracts/settings/user-settings";
import { TURN_PRESETS } from "../settings/turn-presets";
import type { ConfigEntry } from "./config-entry";

/** Keys of the configuration that each setting of a person decides. */
export const KEYS_OF_SETTING: Readonly<Record<keyof UserSettings, readonly string[]>> = {
  voice: ["voice.default"],
  turnPreset: ["turn.endpointDelayMs", "turn.minInterruptionMs"],
  brain: ["brain.kind", "brain.endpoint.url", "brain.endpoint.model", "brain.endpoint.apiKey"],
  redis: ["redis.url", "redis.sentinels", "redis.cluster", "redis.ca_file"],
  recording: ["recording.enabled", "recording.keepAudio"],
  mode: ["mode"],
};

/** What a person has chosen, as keys of the configuration. Secrets are hidden. */
export function entriesOfSettings({ settings, secrets }: KeptSettings, origin: string): ConfigEntry[] {
  const { voice, turnPreset, brain, redis, recording, mode } = settings;
  const delays = turnPreset === undefined || turnPreset === "configured" ? undefined : TURN_PRESETS[turnPreset];
  const endpoint = brain?.kind === "endpoint" ? brain : undefined;
  const values: Readonly<Record<string, unknown>> = {
    "voice.default": voice,
    "turn.endpointDelayMs": delays?.endpointDelayMs,
    "turn.minInterruptionMs": delays?.minInterruptionMs,
    "brain.kind": brain?.kind,
    "brain.endpoint.url": endpoint?.url,
    "brain.endpoint.model": endpoint?.model === "" ? undefined : endpoint?.model,
    "brain.endpoint.apiKey": endpoint === undefined || secrets.brainApiKey === undefined ? undefined : "(hidden)",
    "redis.url": redis?.url,
    "redis.ca_file": redis?.caFile,
    "recording.enabled": recording === undefined ? undefined : recording !== "off",
    "recording.keepAudio": recording === undefined ? undefined : recording === "audio",
    "mode": mode,
  };
  return Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value, source: "settings" as const, origin }],
  );
}

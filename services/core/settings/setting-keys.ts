import { AppError } from "../../contracts/errors";
import {
  SecretName,
  UserSettingsPatch,
  type SettingName,
  type UserSettings,
} from "../../contracts/settings/user-settings";
import { parseWith } from "../../contracts/parse";
import { nearestName } from "../text/nearest-name";

/** What a person can name on the command line, and what of the settings it is. */
const KEYS = [
  "voice",
  "turnPreset",
  "brain.kind",
  "brain.url",
  "brain.model",
  "brainApiKey",
  "redis.url",
  "redis.caFile",
  "redisPassword",
  "recording",
  "mode",
] as const;
export type SettingKey = (typeof KEYS)[number];

/** All keys with their values as text, secrets left out. */
export function listSettings(settings: UserSettings): { key: SettingKey; value: string }[] {
  return KEYS.filter((key) => !isSecret(key)).map((key) => ({ key, value: readSetting(settings, key) }));
}

/** Throws `unknown-setting`, with the nearest key that there is. */
export function parseSettingKey(text: string): SettingKey {
  const wanted = text.toLowerCase();
  const found = KEYS.find((key) => key.toLowerCase() === wanted);
  if (found !== undefined) return found;
  const begun = KEYS.find((key) => key.toLowerCase().startsWith(wanted));
  const near = begun ?? nearestName(text, KEYS);
  throw new AppError("unknown-setting", { detail: `${text}; did you mean ${near}?` });
}

export function isSecret(key: SettingKey): key is SecretName {
  return SecretName.options.some((name) => name === key);
}

export function readSetting(settings: UserSettings, key: SettingKey): string {
  const [group = "", part] = key.split(".");
  const value = (settings as Readonly<Record<string, unknown>>)[group];
  return String(part === undefined ? value : (value as Readonly<Record<string, unknown>>)[part]);
}

/** The change that gives this key this value. Throws `bad-config` with what is allowed. */
export function patchFor(settings: UserSettings, key: SettingKey, value: string): UserSettingsPatch {
  const [group, part] = key.split(".") as ["brain" | "redis", string?];
  const raw = { [group]: part === undefined ? value : { ...settings[group], [part]: value } };
  const parsed = parseWith(UserSettingsPatch, raw);
  if (!parsed.ok) throw new AppError("bad-config", { detail: parsed.issues });
  return parsed.value;
}

/** The change that forgets what was chosen for this key. Those of a group are reset together. */
export function resetFor(key: SettingKey): UserSettingsPatch {
  if (isSecret(key)) return { [key]: "" };
  return { reset: [key.split(".")[0] as SettingName] };
}

import { z } from "zod";
import { Mode } from "../config/mode";
import { RecordingScope } from "../recording/recording";

export const TurnPreset = z.enum(["quick", "balanced", "patient"]);
export type TurnPreset = z.infer<typeof TurnPreset>;

/** What a person may change while Parley runs. */
export const UserSettings = z.object({
  voice: z.string().min(1).max(64),
  /** `configured`: delays of the configuration that are none of the presets. */
  turnPreset: z.enum([...TurnPreset.options, "configured"]),
  brain: z.object({
    kind: z.enum(["auto", "builtin", "endpoint"]),
    /** Base URL of an OpenAI-compatible API; may be empty unless `kind` is `endpoint`. */
    url: z.union([z.literal(""), z.url({ protocol: /^https?$/ }).max(2_000)]),
    /** Empty: the first chat model that the endpoint lists. */
    model: z.string().max(200),
  }),
  redis: z.object({
    /** `redis://` or `rediss://` without a password. Empty: one is found or started as usual. */
    url: z.string().max(2_000),
    /** PEM file of the authority that signed its certificate. Empty: those that are known anyway. */
    caFile: z.string().max(2_000),
  }),
  /** What is kept of conversations, on this computer. */
  recording: RecordingScope,
  mode: Mode,
});
export type UserSettings = z.infer<typeof UserSettings>;

export const SettingName = z.enum(UserSettings.keyof().options);
export type SettingName = z.infer<typeof SettingName>;

/** Only what is given changes. */
export const UserSettingsPatch = UserSettings.partial().extend({
  /** For the endpoint of `brain`. Never read back. Empty: forget it. */
  brainApiKey: z.string().max(1_000).optional(),
  /** For the server of `redis`. Never read back. Empty: forget it. */
  redisPassword: z.string().max(1_000).optional(),
  /** Forgets what the person chose for these: what the configuration says holds again. */
  reset: z.array(SettingName).max(20).optional(),
});
export type UserSettingsPatch = z.infer<typeof UserSettingsPatch>;

/** A secret at rest: `plain` is readable by this user alone, `encrypted` by the desktop app of this user. */
export const SealedSecret = z.object({
  form: z.enum(["plain", "encrypted"]),
  value: z.string(),
});
export type SealedSecret = z.infer<typeof SealedSecret>;

export const SecretName = z.enum(["brainApiKey", "redisPassword"]);
export type SecretName = z.infer<typeof SecretName>;

/** The settings file: what the person has chosen, and nothing else. */
export const KeptSettings = z.object({
  version: z.literal(1),
  settings: UserSettings.partial(),
  /** `origin`: scheme, host and port that it is for; it is sent nowhere else. */
  secrets: z.partialRecord(SecretName, SealedSecret.extend({ origin: z.string() })),
});
export type KeptSettings = z.infer<typeof KeptSettings>;

/**
 * How secrets outlive this run: encrypted with a key of the desktop's keyring, in a file that only this user may read,
 * or not at all.
 */
export const SecretKeeping = z.enum(["keyring", "file", "none"]);
export type SecretKeeping = z.infer<typeof SecretKeeping>;

/** What holds now, secrets included: for Parley's own processes, never for a page. */
export const SettingsState = z.object({
  settings: UserSettings,
  /** For the endpoint of `settings.brain` alone. */
  brainApiKey: z.string().optional(),
  /** For the server of `settings.redis` alone. */
  redisPassword: z.string().optional(),
  /** What the environment or the command line decides, and by which variable or option: nothing that is chosen here changes it. */
  fixedBy: z.partialRecord(SettingName, z.string()),
  file: z.string(),
  secretKeeping: SecretKeeping,
  /** Nothing was ever kept here: the person has just met Parley. */
  isFirstRun: z.boolean(),
  /** Something about the file that the person should know. */
  notice: z.string().optional(),
});
export type SettingsState = z.infer<typeof SettingsState>;

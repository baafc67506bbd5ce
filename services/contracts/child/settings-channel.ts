import { z } from "zod";
import { WireError } from "../errors";
import { SettingsState, UserSettingsPatch } from "../settings/user-settings";

/**
 * How the orchestrator uses the settings that its supervisor keeps: requests up, one reply each down, tied by
 * `requestId`, and each change down. They share the channel with other messages, which both sides leave alone.
 */
export const SettingsRequest = z.object({
  type: z.literal("settings-request"),
  requestId: z.int(),
  /** Absent: only tell what holds. */
  patch: UserSettingsPatch.optional(),
});
export type SettingsRequest = z.infer<typeof SettingsRequest>;

export const SettingsMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("settings-reply"), requestId: z.int(), state: SettingsState }),
  z.object({ type: z.literal("settings-failed"), requestId: z.int(), error: WireError }),
  z.object({ type: z.literal("settings-changed"), state: SettingsState }),
]);
export type SettingsMessage = z.infer<typeof SettingsMessage>;

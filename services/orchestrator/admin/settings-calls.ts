import { AppError } from "#contracts/errors";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { originOf } from "#core/settings/secret-origin";
import type { LiveSettings, SettingsServices } from "../live-settings";
import type { AdminCalls } from "./admin-calls";

export interface SettingsCallDeps {
  live: Pick<LiveSettings, "keeper" | "state" | "view">;
  tryBrain: SettingsServices["tryBrain"];
  /** Of the live workers; empty while none is known. */
  voices(): string[];
  preview(voice: string): Promise<Int16Array>;
}

/** The settings, and trying out a voice or an endpoint before it is one of them. */
export function createSettingsCalls({ live, tryBrain, voices, preview }: SettingsCallDeps): AdminCalls {
  return {
    async "voice-preview"({ voice }) {
      const pcm = await preview(voice);
      const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
      return { sampleRateHz: VOICE_SAMPLE_RATE_HZ, pcm: bytes.toString("base64") };
    },
    "settings-get": () => live.view(),
    async "settings-set"(patch) {
      const { voice } = patch;
      if (voice !== undefined && voices().length > 0 && !voices().includes(voice))
        throw new AppError("unknown-voice", { detail: voice });
      await live.keeper.change(patch);
      return live.view();
    },
    "brain-test"(request) {
      const { settings, brainApiKey } = live.state;
      // The kept key goes nowhere but where it was meant for.
      const isOwn = brainApiKey !== undefined && originOf(request.url) === originOf(settings.brain.url);
      return tryBrain({ ...request, apiKey: request.apiKey ?? (isOwn ? brainApiKey : undefined) });
    },
  };
}

import { AppError } from "#contracts/errors";
import type { LiveSettings, SettingsServices } from "../live-settings";
import type { AdminCalls } from "./admin-calls";

export interface SettingsCallDeps {
  live: LiveSettings;
  tryBrain: SettingsServices["tryBrain"];
  /** Of the live workers; empty while none is known. */
  voices(): string[];
}

/** The settings, and trying out an endpoint before it is one of them. */
export function createSettingsCalls({ live, tryBrain, voices }: SettingsCallDeps): AdminCalls {
  return {
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

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

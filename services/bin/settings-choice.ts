import { tryEndpoint } from "#adapters/endpoint-brain/try-endpoint";
import { systemClock } from "#adapters/system/system-clock";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { Logger } from "#core/ports/logger";
import type { SettingsKeeper } from "#core/ports/settings";
import { brainConfigOf } from "#core/settings/configured-settings";
import { turnDelaysOf, type TurnDelays } from "#core/settings/turn-presets";
import { SETTINGS_CHANNEL_ENV } from "#host/open-settings";
import type { SettingsServices } from "#orchestrator/live-settings";
import { createBrainFromConfig } from "./brain-choice";

export interface SettingsRun {
  keeper: SettingsKeeper;
  config: OrchestratorConfig;
  log: Logger;
}

/** What the orchestrator needs to carry settings out, and what it begins with. */
export async function createSettingsServices(
  run: SettingsRun,
): Promise<SettingsServices & { initialDelays: TurnDelays }> {
  const { keeper, config, log } = run;
  const initial = await keeper.read();
  const deps = { clock: systemClock, log };
  return {
    keeper,
    initial,
    hasMode: process.env[SETTINGS_CHANNEL_ENV] === "1",
    configuredDelays: config.turn,
    initialDelays: turnDelaysOf(config.turn, initial.settings.turnPreset),
    chooseBrain: (state) => createBrainFromConfig(deps, brainConfigOf(config.brain, state)),
    tryBrain: ({ url, model, apiKey }) =>
      tryEndpoint({
        ...deps,
        fetch,
        baseUrl: url,
        apiKey,
        model: model === "" ? undefined : model,
        systemPrompt: config.brain.systemPrompt,
      }),
  };
}

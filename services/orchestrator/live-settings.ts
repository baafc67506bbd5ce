import type { AdminResponse, AdminRequest, SettingsView } from "#contracts/protocol/admin";
import type { RecordingScope } from "#contracts/recording/recording";
import type { SettingsState } from "#contracts/settings/user-settings";
import { turnDelaysOf, type TurnDelays } from "#core/settings/turn-presets";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Brain } from "#core/ports/brain";
import type { Logger } from "#core/ports/logger";
import type { SettingsKeeper } from "#core/ports/settings";
import { type BrainSwitch } from "./brain-switch";
import { settingsViewOf } from "./settings-view";

/** What changing settings stands on, besides the conversations' own ports. */
export interface SettingsServices {
  keeper: SettingsKeeper;
  /** What the orchestrator was made with. */
  initial: SettingsState;
  /** Whoever keeps the settings carries a change of the mode out. */
  hasMode: boolean;
  /** Those of the configuration. */
  configuredDelays: TurnDelays;
  chooseBrain(state: SettingsState): Promise<Brain>;
  /** Tries an endpoint out. Throws a `brain-*` code. */
  tryBrain(request: AdminRequest<"brain-test">): Promise<AdminResponse<"brain-test">>;
}

export interface LiveSettingsDeps {
  services: SettingsServices;
  brain: BrainSwitch;
  log: Logger;
  setTurnDelays(delays: TurnDelays): void;
  setRecordingScope(scope: RecordingScope): void;
  recordingsFolder: string | undefined;
}

/** Carries changes of the settings into what runs: the next turn has them. */
export class LiveSettings {
  readonly #deps: LiveSettingsDeps;
  readonly #watching: Disposable;
  #state: SettingsState;
  #applying: Promise<void> = Promise.resolve();

  constructor(deps: LiveSettingsDeps) {
    this.#deps = deps;
    this.#state = deps.services.initial;
    this.#watching = deps.services.keeper.onChange((state) => {
      this.#apply(state).catch((error: unknown) => deps.log.error("the brain could not be changed", { error }));
    });
  }

  get keeper(): SettingsKeeper {
    return this.#deps.services.keeper;
  }

  get state(): SettingsState {
    return this.#state;
  }

  /** Takes up what changed before anybody listened. */
  async start(): Promise<void> {
    await this.#apply(await this.keeper.read());
  }

  /** What holds once everything that came before is carried out, without secrets. */
  async view(): Promise<SettingsView> {
    await this.#applying.catch(() => undefined);
    return settingsViewOf(this.#state, {
      brainLabel: this.#deps.brain.info.label,
      hasLanguageModel: this.#deps.brain.info.kind !== "builtin",
      isWorkerOnly: false,
      hasMode: this.#deps.services.hasMode,
      recordingsFolder: this.#deps.recordingsFolder,
    });
  }

  close(): void {
    this.#watching.dispose();
  }

  #apply(state: SettingsState): Promise<void> {
    const applying = this.#applying.catch(() => undefined).then(() => this.#carryOut(state));
    this.#applying = applying;
    return applying;
  }

  async #carryOut(state: SettingsState): Promise<void> {
    const { services, brain, setTurnDelays, setRecordingScope } = this.#deps;
    const before = this.#state;
    this.#state = state;
    if (before.settings.turnPreset !== state.settings.turnPreset)
      setTurnDelays(turnDelaysOf(services.configuredDelays, state.settings.turnPreset));
    if (before.settings.recording !== state.settings.recording) setRecordingScope(state.settings.recording);
    if (hasOtherBrain(before, state)) brain.use(await services.chooseBrain(state));
  }
}

function hasOtherBrain(before: SettingsState, after: SettingsState): boolean {
  const [a, b] = [before.settings.brain, after.settings.brain];
  const isSame = a.kind === b.kind && a.url === b.url && a.model === b.model;
  return !isSame || before.brainApiKey !== after.brainApiKey;
}

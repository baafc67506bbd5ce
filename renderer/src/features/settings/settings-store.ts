import type { SettingsView } from "#contracts/protocol/admin";
import type { UserSettingsPatch } from "#contracts/settings/user-settings";
import { toProblem, type AdminPort, type Problem } from "../../ui/admin-port";
import type { Notice } from "../../ui/undo-notice";

/** The part of the screen that a failure belongs to. */
export type SettingsField = "voice" | "turn" | "brain" | "key" | "recording" | "mode";

export interface SettingsState {
  saved: SettingsView | undefined;
  /** Why the settings could not be read. */
  loadProblem: Problem | undefined;
  problems: Readonly<Partial<Record<SettingsField, Problem>>>;
  notice: Notice | undefined;
}

export interface SettingsChange {
  field: SettingsField;
  patch: UserSettingsPatch;
  /** What was done, for the person. */
  words: string;
}

/** Saves each change at once, one after the other, and can take the last one back. */
export class SettingsStore {
  readonly #admin: AdminPort;
  readonly #listeners = new Set<() => void>();
  #state: SettingsState = { saved: undefined, loadProblem: undefined, problems: {}, notice: undefined };
  #queue: Promise<void> = Promise.resolve();
  #noticeId = 0;

  constructor(admin: AdminPort) {
    this.#admin = admin;
  }

  readonly getState = (): SettingsState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly dismissNotice = (): void => this.#update({ notice: undefined });

  readonly load = async (): Promise<void> => {
    try {
      this.#update({ saved: await this.#admin.call("settings-get", {}), loadProblem: undefined });
    } catch (error) {
      this.#update({ loadProblem: toProblem(error) });
    }
  };

  /** Settles when it is saved, or the field says why it is not. */
  save(change: SettingsChange): Promise<void> {
    this.#queue = this.#queue.then(() => this.#save(change, true));
    return this.#queue;
  }

  /** Shows a problem that was found before anything was sent; undefined takes it away. */
  setProblem(field: SettingsField, problem: Problem | undefined): void {
    const { [field]: _, ...others } = this.#state.problems;
    this.#update({ problems: problem === undefined ? others : { ...others, [field]: problem } });
  }

  async #save({ field, patch, words }: SettingsChange, canUndo: boolean): Promise<void> {
    const before = this.#state.saved;
    try {
      const saved = await this.#admin.call("settings-set", patch);
      this.setProblem(field, undefined);
      const back = canUndo && before !== undefined ? patchBack(before, patch) : undefined;
      const undo = (): void => {
        if (back === undefined) return;
        this.dismissNotice();
        this.#queue = this.#queue.then(() =>
          this.#save({ field, patch: back, words: "It is as it was before." }, false),
        );
      };
      const notice = { id: ++this.#noticeId, words, ...(back === undefined ? {} : { undo }) };
      this.#update({ saved, notice });
    } catch (error) {
      this.setProblem(field, toProblem(error));
    }
  }

  #update(changes: Partial<SettingsState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

/** The patch that brings back what was; undefined for a key, which cannot be read back. */
function patchBack({ settings }: SettingsView, patch: UserSettingsPatch): UserSettingsPatch | undefined {
  if (patch.brainApiKey !== undefined) return undefined;
  return {
    ...(patch.voice === undefined ? {} : { voice: settings.voice }),
    ...(patch.turnPreset === undefined ? {} : { turnPreset: settings.turnPreset }),
    ...(patch.recording === undefined ? {} : { recording: settings.recording }),
    ...(patch.mode === undefined ? {} : { mode: settings.mode }),
    ...(patch.brain === undefined ? {} : { brain: settings.brain }),
  };
}

import { AppError, type ErrorCode } from "#contracts/errors";
import type { KeptSettings, SettingsState, UserSettings } from "#contracts/settings/user-settings";
import type { SecretBox, SettingsFile, SettingsKeeper } from "#core/ports/settings";

export const usualSettings: UserSettings = {
  voice: "flite-slt",
  turnPreset: "balanced",
  brain: { kind: "builtin", url: "", model: "" },
  redis: { url: "", caFile: "" },
  recording: "off",
  mode: "full",
};

export interface FakeSettingsFile extends SettingsFile {
  kept: KeptSettings | undefined;
  /** The next write fails with this. */
  failWith: Error | undefined;
}

/** In memory; `notice` is what the first reading tells. */
export function createFakeSettingsFile(kept?: KeptSettings, notice?: string): FakeSettingsFile {
  const file: FakeSettingsFile = {
    path: "/home/ada/.config/parley/settings.json",
    kept,
    failWith: undefined,
    read: () => Promise.resolve({ kept: file.kept, notice }),
    write(next) {
      if (file.failWith !== undefined) return Promise.reject(file.failWith);
      file.kept = structuredClone(next);
      return Promise.resolve();
    },
  };
  return file;
}

/** Turns secrets around instead of encrypting them. */
export const reversingSecrets: SecretBox = {
  keeping: "keyring",
  seal: (secret) => Promise.resolve({ form: "encrypted", value: [...secret].reverse().join("") }),
  open: ({ value }) => Promise.resolve([...value].reverse().join("")),
};

/** As a desktop without a keyring. */
export const forgetfulSecrets: SecretBox = {
  keeping: "none",
  seal: () => Promise.resolve(undefined),
  open: () => Promise.resolve(undefined),
};

export interface FakeSettings extends SettingsKeeper {
  /** The next change is refused with the code. */
  failNext(code: ErrorCode): void;
}

/** Settings that are kept nowhere; a key goes with every endpoint. */
export function createFakeSettings(initial: Partial<UserSettings> = {}): FakeSettings {
  let state: SettingsState = {
    settings: { ...usualSettings, ...initial },
    file: "/f",
    secretKeeping: "file",
    fixedBy: {},
    isFirstRun: false,
  };
  let failure: ErrorCode | undefined;
  const listeners = new Set<(state: SettingsState) => void>();
  return {
    failNext: (code) => void (failure = code),
    read: () => Promise.resolve(state),
    async change({ brainApiKey = state.brainApiKey, reset: _reset, ...patch }) {
      const refused = failure;
      failure = undefined;
      if (refused !== undefined) throw new AppError(refused);
      state = {
        ...state,
        settings: { ...state.settings, ...patch },
        brainApiKey: brainApiKey === "" ? undefined : brainApiKey,
      };
      for (const listener of [...listeners]) listener(state);
      return Promise.resolve(state);
    },
    onChange(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
  };
}

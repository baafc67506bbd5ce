import type {
  KeptSettings,
  SealedSecret,
  SecretKeeping,
  SettingsState,
  UserSettingsPatch,
} from "../../contracts/settings/user-settings";
import type { Disposable } from "../lifecycle/disposable";

/** What the person may change, and who is told. */
export interface SettingsKeeper {
  read(): Promise<SettingsState>;
  /** Carries the change out and keeps it. When it rejects, everything is as it was. */
  change(patch: UserSettingsPatch): Promise<SettingsState>;
  /** Called with every change that was carried out, whoever made it. */
  onChange(listener: (state: SettingsState) => void): Disposable;
}

/** Where the settings outlive a run. */
export interface SettingsFile {
  readonly path: string;
  /** `notice`: the file was damaged, and what became of it, in words. Rejects with `file-unreadable` only when it may not be read. */
  read(): Promise<{ kept: KeptSettings | undefined; notice: string | undefined }>;
  /** All or nothing. Rejects with `file-unreadable`. */
  write(kept: KeptSettings): Promise<void>;
}

/** Makes secrets fit to be written down. */
export interface SecretBox {
  readonly keeping: SecretKeeping;
  /** Undefined: it may not be written down here. */
  seal(secret: string): Promise<SealedSecret | undefined>;
  /** Undefined: it cannot be read here, for instance on another computer. */
  open(sealed: SealedSecret): Promise<string | undefined>;
}

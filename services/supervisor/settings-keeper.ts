import { AppError } from "#contracts/errors";
import type { KeptSettings, SettingsState, UserSettings, UserSettingsPatch } from "#contracts/settings/user-settings";
import type { Logger } from "#core/ports/logger";
import type { SecretBox, SettingsFile, SettingsKeeper } from "#core/ports/settings";

export interface SettingsKeeperDeps {
  file: SettingsFile;
  secrets: SecretBox;
  /** What holds while the person has chosen nothing. */
  configured: UserSettings;
  log: Logger;
}

const NOTHING_KEPT: KeptSettings = { version: 1, settings: {}, secrets: {} };

interface KnownSecret {
  origin: string;
  value: string;
}

/** Reads what is kept. Rejects with `file-unreadable` when the file is there and may not be read. */
export async function openSettings(deps: SettingsKeeperDeps): Promise<SettingsKeeper> {
  const { kept = NOTHING_KEPT, notice } = await deps.file.read();
  if (notice !== undefined) deps.log.warn("the settings were damaged", { notice });
  const keeper = new Keeper(deps, kept, notice);
  await keeper.openSecrets();
  return keeper;
}

/** Holds the settings and keeps them, one change after the other. */
class Keeper implements SettingsKeeper {
  readonly #deps: SettingsKeeperDeps;
  readonly #listeners = new Set<(state: SettingsState) => void>();
  #kept: KeptSettings;
  #notice: string | undefined;
  #brainApiKey: KnownSecret | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(deps: SettingsKeeperDeps, kept: KeptSettings, notice: string | undefined) {
    this.#deps = deps;
    this.#kept = kept;
    this.#notice = notice;
  }

  async openSecrets(): Promise<void> {
    const sealed = this.#kept.secrets.brainApiKey;
    if (sealed === undefined) return;
    const value = await this.#deps.secrets.open(sealed);
    if (value === undefined) this.#notice ??= "The kept API key cannot be read here; enter it again.";
    else this.#brainApiKey = { origin: sealed.origin, value };
  }

  read(): Promise<SettingsState> {
    return Promise.resolve(this.#state());
  }

  change(patch: UserSettingsPatch): Promise<SettingsState> {
    const done = this.#queue.then(() => this.#change(patch));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  onChange(listener: (state: SettingsState) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  async #change({ brainApiKey, ...changes }: UserSettingsPatch): Promise<SettingsState> {
    const settings = { ...this.#kept.settings, ...definedOf(changes) };
    const brain = settings.brain ?? this.#deps.configured.brain;
    if (brain.kind === "endpoint" && brain.url === "")
      throw new AppError("bad-config", { detail: "brain.url: the endpoint's address is missing" });
    const secret = brainApiKey === undefined ? this.#brainApiKey : this.#newKey(brainApiKey, brain.url);
    const secrets = brainApiKey === undefined ? this.#kept.secrets : await this.#sealed(secret);
    const kept: KeptSettings = { version: 1, settings, secrets };
    await this.#deps.file.write(kept);
    this.#kept = kept;
    this.#brainApiKey = secret;
    this.#notice = undefined;
    const state = this.#state();
    for (const listener of [...this.#listeners]) listener(state);
    return state;
  }

  #newKey(value: string, url: string): KnownSecret | undefined {
    if (value === "") return undefined;
    const origin = originOf(url);
    if (origin === undefined) throw new AppError("bad-config", { detail: "the key needs an endpoint to go with" });
    return { origin, value };
  }

  /** A secret that may not be written down is known until Parley ends. */
  async #sealed(secret: KnownSecret | undefined): Promise<KeptSettings["secrets"]> {
    const sealed = secret === undefined ? undefined : await this.#deps.secrets.seal(secret.value);
    if (secret === undefined || sealed === undefined) return {};
    return { brainApiKey: { ...sealed, origin: secret.origin } };
  }

  #state(): SettingsState {
    const { configured, file, secrets } = this.#deps;
    const settings: UserSettings = { ...configured, ...definedOf(this.#kept.settings) };
    const key = this.#keyFor(settings.brain.url);
    return {
      settings,
      ...(key === undefined ? {} : { brainApiKey: key }),
      file: file.path,
      secretKeeping: secrets.keeping,
      ...(this.#notice === undefined ? {} : { notice: this.#notice }),
    };
  }

  #keyFor(url: string): string | undefined {
    const known = this.#brainApiKey;
    return known !== undefined && known.origin === originOf(url) ? known.value : undefined;
  }
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

function definedOf<T extends object>(changes: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as never;
}

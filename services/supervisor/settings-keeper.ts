import { AppError } from "#contracts/errors";
import type {
  KeptSettings,
  SecretName,
  SettingName,
  SettingsState,
  UserSettings,
  UserSettingsPatch,
} from "#contracts/settings/user-settings";
import type { Logger } from "#core/ports/logger";
import type { SecretBox, SettingsFile, SettingsKeeper } from "#core/ports/settings";
import { originOf, readRedisChoice, secretTargets } from "#core/settings/secret-origin";

export interface SettingsKeeperDeps {
  file: SettingsFile;
  secrets: SecretBox;
  /** What holds while the person has chosen nothing. */
  configured: UserSettings;
  /** What the environment decides; it wins over the person, who wins over the configuration. */
  fixed: Partial<UserSettings>;
  /** By which variable or option. */
  fixedBy: SettingsState["fixedBy"];
  log: Logger;
}

/** What a change means for the processes around. Each rejects when it cannot be done, and then nothing has changed. */
export interface SettingsEffects {
  /** The registry moves to the Redis of this state. */
  useRedis?: (state: SettingsState) => Promise<void>;
  /** Other parts run from now on. */
  useMode?: (state: SettingsState) => Promise<void>;
}

export interface OwnedSettings extends SettingsKeeper {
  /** From now on changes are carried out there; before, they wait for the next start. */
  attach(effects: SettingsEffects): void;
}

const NOTHING_KEPT: KeptSettings = { version: 1, settings: {}, secrets: {} };
const WORDS_OF_SECRET: Readonly<Record<SecretName, string>> = {
  brainApiKey: "The kept API key",
  redisPassword: "The kept password of Redis",
};

interface KnownSecret {
  origin: string;
  value: string;
}

type Secrets = Partial<Record<SecretName, KnownSecret>>;

/** Reads what is kept. Rejects with `file-unreadable` when the file is there and may not be read. */
export async function openSettings(deps: SettingsKeeperDeps): Promise<OwnedSettings> {
  const { kept, notice } = await deps.file.read();
  if (notice !== undefined) deps.log.warn("the settings were damaged", { notice });
  const keeper = new Keeper(deps, kept, notice);
  await keeper.openSecrets();
  return keeper;
}

/** Holds the settings and keeps them, one change after the other. */
class Keeper implements OwnedSettings {
  readonly #deps: SettingsKeeperDeps;
  readonly #listeners = new Set<(state: SettingsState) => void>();
  #kept: KeptSettings;
  /** False until something was kept. A file that was damaged held something. */
  #hasKept: boolean;
  #notice: string | undefined;
  #secrets: Secrets = {};
  #effects: SettingsEffects = {};
  #queue: Promise<unknown> = Promise.resolve();

  constructor(deps: SettingsKeeperDeps, kept: KeptSettings | undefined, notice: string | undefined) {
    this.#deps = deps;
    this.#kept = kept ?? NOTHING_KEPT;
    this.#hasKept = kept !== undefined || notice !== undefined;
    this.#notice = notice;
  }

  async openSecrets(): Promise<void> {
    for (const name of Object.keys(this.#kept.secrets) as SecretName[]) {
      const sealed = this.#kept.secrets[name];
      if (sealed === undefined) continue;
      const value = await this.#deps.secrets.open(sealed);
      if (value === undefined) this.#notice ??= `${WORDS_OF_SECRET[name]} cannot be read here; enter it again.`;
      else this.#secrets[name] = { origin: sealed.origin, value };
    }
  }

  attach(effects: SettingsEffects): void {
    this.#effects = effects;
  }

  read(): Promise<SettingsState> {
    return Promise.resolve(this.#state(this.#kept.settings, this.#secrets, this.#notice));
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

  async #change(patch: UserSettingsPatch): Promise<SettingsState> {
    const { brainApiKey, redisPassword, redis, reset = [], ...changes } = patch;
    const { fixedBy } = this.#deps;
    const touched = {
      ...changes,
      brain: changes.brain ?? brainApiKey,
      redis: redis ?? redisPassword,
    };
    for (const [name, by] of Object.entries(fixedBy) as [SettingName, string][]) {
      if (touched[name] !== undefined || reset.includes(name)) throw new AppError("setting-fixed", { detail: by });
    }
    const chosen = redis === undefined ? undefined : readRedisChoice(redis);
    const others = Object.entries(this.#kept.settings).filter(([name]) => !reset.some((each) => each === name));
    const settings: Partial<UserSettings> = {
      ...Object.fromEntries(others),
      ...definedOf({ ...changes, redis: chosen?.redis }),
    };
    const entered = { brainApiKey, redisPassword: redisPassword ?? chosen?.password };
    const { brain } = { ...this.#deps.configured, ...settings };
    if (brain.kind === "endpoint" && brain.url === "")
      throw new AppError("bad-config", { detail: "brain.url: the endpoint's address is missing" });
    const secrets = this.#withSecrets(settings, entered);
    const before = this.#state(this.#kept.settings, this.#secrets);
    const after = { ...this.#state(settings, secrets), isFirstRun: false };
    const kept: KeptSettings = { version: 1, settings, secrets: await this.#sealed(secrets, entered) };
    await this.#carryOut(before, after, () => this.#deps.file.write(kept));
    this.#kept = kept;
    this.#hasKept = true;
    this.#secrets = secrets;
    this.#notice = undefined;
    for (const listener of [...this.#listeners]) listener(after);
    return after;
  }

  /** Takes back what was done when a later step fails. */
  async #carryOut(before: SettingsState, after: SettingsState, write: () => Promise<void>): Promise<void> {
    const { useRedis, useMode } = this.#effects;
    const steps = [
      ...(useRedis !== undefined && isOtherRedis(before, after) ? [useRedis] : []),
      ...(useMode !== undefined && before.settings.mode !== after.settings.mode ? [useMode] : []),
    ];
    const done: typeof steps = [];
    try {
      for (const step of steps) {
        await step(after);
        done.unshift(step);
      }
      await write();
    } catch (error) {
      for (const step of done) await step(before).catch(() => undefined);
      throw error;
    }
  }

  #withSecrets(settings: Partial<UserSettings>, entered: Partial<Record<SecretName, string | undefined>>): Secrets {
    const targets = secretTargets({ ...this.#deps.configured, ...settings });
    const secrets: Secrets = { ...this.#secrets };
    for (const name of Object.keys(entered) as SecretName[]) {
      const value = entered[name];
      const origin = originOf(targets[name]);
      if (value === "") secrets[name] = undefined;
      else if (value !== undefined && origin === undefined)
        throw new AppError("bad-config", { detail: "a secret needs an address that it is for" });
      else if (value !== undefined && origin !== undefined) secrets[name] = { origin, value };
    }
    return secrets;
  }

  /** A secret that may not be written down is known until Parley ends; one that cannot be read here stays as it is. */
  async #sealed(
    secrets: Secrets,
    entered: Partial<Record<SecretName, string | undefined>>,
  ): Promise<KeptSettings["secrets"]> {
    const sealed: KeptSettings["secrets"] = { ...this.#kept.secrets };
    for (const name of Object.keys(entered) as SecretName[]) {
      if (entered[name] === undefined) continue;
      sealed[name] = undefined;
      const secret = secrets[name];
      const written = secret === undefined ? undefined : await this.#deps.secrets.seal(secret.value);
      if (secret !== undefined && written !== undefined) sealed[name] = { ...written, origin: secret.origin };
    }
    return sealed;
  }

  #state(chosen: Partial<UserSettings>, secrets: Secrets, notice?: string): SettingsState {
    const { configured, fixed, fixedBy, file, secrets: box } = this.#deps;
    const settings: UserSettings = { ...configured, ...definedOf(chosen), ...fixed };
    const targets = secretTargets(settings);
    const secretFor = (name: SecretName): string | undefined => {
      const known = secrets[name];
      return known !== undefined && known.origin === originOf(targets[name]) ? known.value : undefined;
    };
    return {
      settings,
      fixedBy,
      file: file.path,
      secretKeeping: box.keeping,
      isFirstRun: !this.#hasKept,
      ...definedOf({
        brainApiKey: secretFor("brainApiKey"),
        redisPassword: secretFor("redisPassword"),
        notice,
      }),
    };
  }
}

function isOtherRedis(before: SettingsState, after: SettingsState): boolean {
  const [a, b] = [before.settings.redis, after.settings.redis];
  return a.url !== b.url || a.caFile !== b.caFile || before.redisPassword !== after.redisPassword;
}

function definedOf<T extends object>(changes: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as never;
}

import { text } from "node:stream/consumers";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import { findRunningApp } from "#adapters/running-app/running-app";
import { systemClock } from "#adapters/system/system-clock";
import { createWsConnector } from "#adapters/ws-client/ws-connector";
import { ADMIN_PROTOCOL_NAME, type SettingsView } from "#contracts/protocol/admin";
import type { UserSettingsPatch } from "#contracts/settings/user-settings";
import { AdminClient } from "#core/client/admin-client";
import {
  isSecret,
  listSettings,
  parseSettingKey,
  patchFor,
  readSetting,
  resetFor,
  type SettingKey,
} from "#core/settings/setting-keys";
import { print, printJson } from "./cli-output";
import { places } from "./places";
import { loadOrchestratorConfig } from "./own-config";
import { openSettings } from "./own-settings";

export interface SettingsCommandOptions {
  config?: string;
  json?: boolean;
}

/** What holds, without secrets. */
type Shown = Pick<SettingsView, "settings" | "hasBrainApiKey" | "hasRedisPassword" | "fixedBy" | "file" | "notice">;

/** The settings of the Parley that runs, else those of the file alone. */
interface SettingsAccess {
  isLive: boolean;
  read(): Promise<Shown>;
  change(patch: UserSettingsPatch): Promise<Shown>;
  close(): void;
}

export function commandSettingsShow(options: SettingsCommandOptions): Promise<void> {
  return withSettings(options, async ({ read, isLive }) => {
    const shown = await read();
    const { settings, hasBrainApiKey, hasRedisPassword, fixedBy, file, notice } = shown;
    if (options.json === true)
      return printJson({ settings, hasBrainApiKey, hasRedisPassword, fixedBy, file, notice, isLive });
    for (const { key, value } of listSettings(settings)) print(`${key.padEnd(14)} ${value === "" ? "-" : value}`);
    for (const key of ["brainApiKey", "redisPassword"] as const) print(`${key.padEnd(14)} ${valueOf(shown, key)}`);
    for (const [name, by] of Object.entries(fixedBy)) print(`${name} is fixed by ${by}.`);
    if (notice !== undefined) print(notice);
    print(isLive ? `As of the Parley that runs; kept in ${file}.` : `Kept in ${file}.`);
  });
}

export function commandSettingsGet(name: string, options: SettingsCommandOptions): Promise<void> {
  return withSettings(options, async ({ read }) => {
    const key = parseSettingKey(name);
    const value = valueOf(await read(), key);
    if (options.json === true) printJson({ key, value });
    else print(value);
  });
}

/** `value` "-": from standard input, so that a secret stands in no list of processes. */
export function commandSettingsSet(name: string, value: string, options: SettingsCommandOptions): Promise<void> {
  return changeSetting(name, options, async (shown, key) =>
    patchFor(shown.settings, key, value === "-" ? (await text(process.stdin)).trimEnd() : value),
  );
}

export function commandSettingsReset(name: string, options: SettingsCommandOptions): Promise<void> {
  return changeSetting(name, options, (_shown, key) => Promise.resolve(resetFor(key)));
}

function changeSetting(
  name: string,
  options: SettingsCommandOptions,
  patchOf: (shown: Shown, key: SettingKey) => Promise<UserSettingsPatch>,
): Promise<void> {
  return withSettings(options, async ({ read, change, isLive }) => {
    const key = parseSettingKey(name);
    const shown = await change(await patchOf(await read(), key));
    const value = valueOf(shown, key);
    if (options.json === true) printJson({ key, value, isLive });
    else
      print(`${key}: ${value === "" ? "-" : value}. ${isLive ? "It holds now." : "It holds from the next start on."}`);
  });
}

function valueOf({ settings, hasBrainApiKey, hasRedisPassword }: Shown, key: SettingKey): string {
  if (!isSecret(key)) return readSetting(settings, key);
  return (key === "brainApiKey" ? hasBrainApiKey : hasRedisPassword) ? "set, not shown" : "not set";
}

async function withSettings(
  options: SettingsCommandOptions,
  use: (access: SettingsAccess) => Promise<void>,
): Promise<void> {
  const access = await openAccess(options);
  try {
    await use(access);
  } finally {
    access.close();
  }
}

async function openAccess({ config: configFile }: SettingsCommandOptions): Promise<SettingsAccess> {
  const log = createPinoLogger({ level: "error", service: "parley" });
  const settings = await openSettings(await loadOrchestratorConfig(configFile), log);
  const app = await findRunningApp(places.runtimeDir, (await settings.read()).file);
  if (app !== undefined) {
    const admin = new AdminClient({ connect: createWsConnector(app.url, ADMIN_PROTOCOL_NAME), clock: systemClock });
    admin.start(app.token === undefined ? {} : { token: app.token });
    return {
      isLive: true,
      read: () => admin.call("settings-get", {}),
      change: (patch) => admin.call("settings-set", patch),
      close: () => admin.close(),
    };
  }
  const shown = ({ brainApiKey, redisPassword, ...state }: Awaited<ReturnType<typeof settings.read>>): Shown => ({
    ...state,
    hasBrainApiKey: brainApiKey !== undefined,
    hasRedisPassword: redisPassword !== undefined,
  });
  return {
    isLive: false,
    read: async () => shown(await settings.read()),
    change: async (patch) => shown(await settings.change(patch)),
    close: () => undefined,
  };
}

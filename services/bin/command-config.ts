import { configurationPage } from "#core/config/configuration-page";
import type { ResolvedConfig, ResolvedKey } from "#core/config/resolve-config";
import { entriesOfSettings } from "#core/config/settings-entries";
import { shownValue } from "#core/config/shown-value";
import { loadOrchestratorConfig, loadWorkerConfig, ORCHESTRATOR_KEYS, WORKER_KEYS } from "#host/load-config";
import { settingsFileIn } from "#host/open-settings";
import { print, printJson } from "./cli-output";
import { flagsOf, type ConfigCommandOptions } from "./config-options";
import { places } from "./places";

export const CONFIG_SERVICES = ["orchestrator", "worker"] as const;
export type ConfigService = (typeof CONFIG_SERVICES)[number];

export interface ConfigShowOptions extends ConfigCommandOptions {
  /** Print what there can be, and not what is. */
  reference?: boolean;
  json?: boolean;
}

/** What holds, and who decided it. */
export async function commandConfig(service: ConfigService, options: ConfigShowOptions): Promise<void> {
  if (options.reference === true) return printReference(options.json === true);
  const { resolved, notice } = await resolve(service, options);
  if (options.json === true) return printJson({ ...asDocument(service, resolved), notice });
  const rows = resolved.keys.map((key) => [key.key.key, asText(shownValue(key)), asOrigin(key)] as const);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const [key, value, origin] of rows)
    print(`${key.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${origin}`);
  for (const { key, origin, reason } of resolved.unused) print(`${key} in ${origin} has no effect: ${reason}.`);
  if (notice !== undefined) print(notice);
}

async function resolve(
  service: ConfigService,
  options: ConfigShowOptions,
): Promise<{ resolved: ResolvedConfig<unknown>; notice?: string | undefined }> {
  const surroundings = { places, env: process.env };
  const from = { file: options.config, profile: options.profile, flags: flagsOf(options) };
  if (service === "worker") return { resolved: await loadWorkerConfig({ ...from, settings: [] }, surroundings) };
  const file = settingsFileIn(places, { setsAside: false });
  const { kept, notice } = await file.read();
  const settings = kept === undefined ? [] : entriesOfSettings(kept, file.path);
  return { resolved: await loadOrchestratorConfig({ ...from, settings }, surroundings), notice };
}

function printReference(isJson: boolean): void {
  const reference = { orchestrator: ORCHESTRATOR_KEYS, worker: WORKER_KEYS };
  if (isJson) printJson(reference);
  else print(configurationPage(reference).trimEnd());
}

function asDocument(service: ConfigService, { keys, unused }: ResolvedConfig<unknown>): Record<string, unknown> {
  const values = keys.map((resolved) => {
    const { key, source, origin } = resolved;
    return [key.key, { value: shownValue(resolved) ?? null, source, ...(origin === "" ? {} : { origin }) }] as const;
  });
  return { service, values: Object.fromEntries(values), unused };
}

const MAX_VALUE_CHARACTERS = 48;

function asText(value: unknown): string {
  if (value === undefined) return "-";
  const text = Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : JSON.stringify(value);
  if (text === "") return "-";
  return text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS - 1)}…` : text;
}

function asOrigin({ source, origin }: ResolvedKey): string {
  return origin === "" ? source : `${source}: ${origin}`;
}

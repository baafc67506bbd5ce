import { parse as parseYaml } from "yaml";
import type { ConfigOptions } from "#host/load-config";

/** What every command that reads a configuration takes. */
export interface ConfigCommandOptions {
  config?: string;
  profile?: string;
  /** `key=value`, for instance `turn.endpointDelayMs=300`. */
  set?: readonly string[];
}

export function flagsOf({ set = [] }: ConfigCommandOptions): NonNullable<ConfigOptions["flags"]> {
  const settings = set.map(parseSetting);
  return Object.fromEntries(settings.map(({ key, value }) => [key, { value, option: "--set" }]));
}

/** Without a value the setting is on. */
export function parseSetting(text: string): { key: string; value: unknown } {
  const at = text.indexOf("=");
  return at < 0 ? { key: text, value: true } : { key: text.slice(0, at), value: parseYaml(text.slice(at + 1)) };
}

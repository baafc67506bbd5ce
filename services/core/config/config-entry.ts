import type { ConfigKey } from "../../contracts/config/config-key";
import { givenVariable } from "./given-variable";

/** Later ones win over earlier ones. */
export const CONFIG_SOURCES = ["default", "file", "profile", "settings", "environment", "flag"] as const;
export type ConfigSource = (typeof CONFIG_SOURCES)[number];

/** What one source says of one key. */
export interface ConfigEntry {
  /** With dots, as it is written there; not yet known to exist. */
  key: string;
  value: unknown;
  source: Exclude<ConfigSource, "default">;
  /** Where exactly: a file, a variable, an option. */
  origin: string;
}

/** What a file of YAML says. Keys without a value say nothing. */
export function entriesOfTree(
  tree: unknown,
  keys: readonly ConfigKey[],
  from: Pick<ConfigEntry, "source" | "origin">,
): ConfigEntry[] {
  const leaves = new Set(keys.map(({ key }) => key));
  const walk = (value: unknown, path: readonly string[]): ConfigEntry[] => {
    const key = path.join(".");
    if (value === null || value === undefined) return [];
    if (leaves.has(key) || !isGroup(value)) return [{ key, value, ...from }];
    return Object.entries(value).flatMap(([name, inner]) => walk(inner, [...path, name]));
  };
  return walk(tree, []);
}

/** What the environment says: a number, true or false, or a list separated by commas, as the key asks for. */
export function entriesOfEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  keys: readonly ConfigKey[],
): ConfigEntry[] {
  return keys.flatMap(({ key, kind, variables }) => {
    const origin = variables.find((name) => givenVariable(env, name) !== undefined);
    if (origin === undefined) return [];
    return [{ key, value: readText(env[origin] ?? "", kind), source: "environment" as const, origin }];
  });
}

function isGroup(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What cannot be read stays text, which the schema refuses. */
function readText(text: string, kind: ConfigKey["kind"]): unknown {
  switch (kind) {
    case "text":
      return text;
    case "number":
      return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
    case "switch":
      return { true: true, 1: true, false: false, 0: false }[text.toLowerCase()] ?? text;
    case "list":
      return text.split(/[\s,]+/).filter((item) => item !== "");
  }
}

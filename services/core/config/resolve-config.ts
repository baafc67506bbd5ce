import type { ConfigKey } from "../../contracts/config/config-key";
import { AppError } from "../../contracts/errors";
import type { Parsed } from "../../contracts/parse";
import { nearestName } from "../text/nearest-name";
import type { ConfigEntry, ConfigSource } from "./config-entry";
import { readPredecessorKey } from "./predecessor-keys";

export interface ConfigQuestion<T> {
  keys: readonly ConfigKey[];
  /** Keys of the other service, which a profile may hold too. */
  otherKeys: readonly ConfigKey[];
  /** Later ones win. */
  entries: readonly ConfigEntry[];
  check(raw: unknown): Parsed<T>;
}

export interface ResolvedKey {
  key: ConfigKey;
  /** Undefined: none is given and there is no default. */
  value: unknown;
  source: ConfigSource;
  /** Where exactly; empty for a default. */
  origin: string;
}

export interface ResolvedConfig<T> {
  config: T;
  keys: readonly ResolvedKey[];
  /** Keys that are accepted and have no effect. */
  unused: readonly { key: string; origin: string; reason: string }[];
}

/**
 * The configuration that all sources together give, and which of them decides each key. Throws `bad-config`, which names
 * every wrong key with where it stands: unknown ones with the nearest that there is, others with what is allowed.
 */
export function resolveConfig<T>({ keys, otherKeys, entries, check }: ConfigQuestion<T>): ResolvedConfig<T> {
  const names = new Set(keys.map(({ key }) => key));
  const others = new Set(otherKeys.map(({ key }) => key).filter((key) => !names.has(key)));
  const known = new Map<string, ConfigEntry>();
  const unused: ResolvedConfig<T>["unused"][number][] = [];
  const problems: string[] = [];
  for (const entry of entries) {
    if (names.has(entry.key)) {
      known.set(entry.key, entry);
      continue;
    }
    if (entry.source === "profile" && others.has(entry.key)) continue;
    const reading = readPredecessorKey(entry.key, entry.value, names);
    if (reading === undefined) problems.push(`${entry.origin}: ${unknownWords(entry.key, keys)}`);
    else if (reading.type === "renamed") known.set(reading.key, { ...entry, key: reading.key, value: reading.value });
    else if (reading.type === "unused") unused.push({ key: entry.key, origin: entry.origin, reason: reading.reason });
    else problems.push(`${entry.origin}: ${entry.key}: ${reading.reason}`);
  }
  const checked = check(nested(known));
  if (!checked.ok) {
    for (const { path, message } of checked.problems) {
      const entry = [...known.values()].find(({ key }) => path === key || path.startsWith(`${key}.`));
      problems.push(`${entry === undefined ? "" : `${entry.origin}: `}${path}: ${message}`);
    }
  }
  if (problems.length > 0 || !checked.ok) throw new AppError("bad-config", { detail: problems.join("; ") });
  const resolved = keys.map((key): ResolvedKey => {
    const entry = known.get(key.key);
    if (entry === undefined) return { key, value: key.default, source: "default", origin: "" };
    return { key, value: entry.value, source: entry.source, origin: entry.origin };
  });
  return { config: checked.value, keys: resolved, unused };
}

function unknownWords(name: string, keys: readonly ConfigKey[]): string {
  if (name === "") return "it must hold keys, like server: and port: below it";
  const inside = keys.filter(({ key }) => key.startsWith(`${name}.`)).map(({ key }) => key);
  if (inside.length > 0) return `${name} is a group of keys: ${inside.join(", ")}`;
  const near = nearestName(
    name,
    keys.map(({ key }) => key),
  );
  return `there is no ${name}${near === undefined ? "" : `; did you mean ${near}?`}`;
}

/** `server.port` becomes `{ server: { port } }`. */
function nested(entries: ReadonlyMap<string, ConfigEntry>): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const { key, value } of entries.values()) {
    const path = key.split(".");
    const last = path.pop() ?? key;
    let group = root;
    for (const name of path) group = (group[name] ??= {}) as Record<string, unknown>;
    group[last] = value;
  }
  return root;
}

import { z } from "zod";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { wordErrors } from "#core/text/word-error-rate";

/** One setting by its path, for instance `turn.endpointDelayMs`. */
export interface SettingChange {
  key: string;
  value: unknown;
}

const JsonObject = z.object({ properties: z.record(z.string(), z.unknown()) });

/** Paths of all settings, as the configuration file nests them. */
export const settingKeys: readonly string[] = leavesOf(z.toJSONSchema(OrchestratorConfig, { io: "input" }), []);

/**
 * The configuration with these settings instead. Throws `bad-config`: a key that there is not, with the nearest one
 * named, or a value that the schema refuses.
 */
export function changeConfig(config: OrchestratorConfig, changes: readonly SettingChange[]): OrchestratorConfig {
  const changed: Record<string, unknown> = structuredClone(config);
  for (const { key, value } of changes) {
    if (!settingKeys.includes(key))
      throw new AppError("bad-config", { detail: `there is no ${key}; did you mean ${nearestKey(key)}?` });
    put(changed, key.split("."), value);
  }
  const parsed = parseWith(OrchestratorConfig, changed);
  if (!parsed.ok) throw new AppError("bad-config", { detail: parsed.issues });
  return parsed.value;
}

function leavesOf(schema: unknown, path: readonly string[]): string[] {
  const object = JsonObject.safeParse(schema);
  if (!object.success) return [path.join(".")];
  return Object.entries(object.data.properties).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
}

function put(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = "", ...rest] = path;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = (target[name] ??= {}) as Record<string, unknown>;
  put(inner, rest, value);
}

function nearestKey(key: string): string {
  const letters = (text: string): string => [...text.replaceAll(".", "")].join(" ");
  const distance = (other: string): number => wordErrors(letters(other), letters(key)).errors;
  return [...settingKeys].sort((a, b) => distance(a) - distance(b))[0] ?? "";
}

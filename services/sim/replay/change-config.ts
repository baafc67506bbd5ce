import { listConfigKeys } from "#contracts/config/config-key";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { nearestName } from "#core/text/nearest-name";

/** One setting by its path, for instance `turn.endpointDelayMs`. */
export interface SettingChange {
  key: string;
  value: unknown;
}

/** Paths of all settings, as the configuration file nests them. */
export const settingKeys: readonly string[] = listConfigKeys(OrchestratorConfig).map(({ key }) => key);

/**
 * The configuration with these settings instead. Throws `bad-config`: a key that there is not, with the nearest one
 * named, or a value that the schema refuses.
 */
export function changeConfig(config: OrchestratorConfig, changes: readonly SettingChange[]): OrchestratorConfig {
  const changed: Record<string, unknown> = structuredClone(config);
  for (const { key, value } of changes) {
    if (!settingKeys.includes(key))
      throw new AppError("bad-config", {
        detail: `there is no ${key}; did you mean ${nearestName(key, settingKeys)}?`,
      });
    put(changed, key.split("."), value);
  }
  const parsed = parseWith(OrchestratorConfig, changed);
  if (!parsed.ok) throw new AppError("bad-config", { detail: parsed.issues });
  return parsed.value;
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

import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import { loadOrchestratorConfig as loadConfig, type ConfigOptions } from "#host/load-config";
import { places } from "./places";

export async function loadOrchestratorConfig(
  file: string | undefined,
  options: Omit<ConfigOptions, "file"> = {},
): Promise<OrchestratorConfig> {
  return (await loadConfig({ ...options, file }, { places, env: process.env })).config;
}

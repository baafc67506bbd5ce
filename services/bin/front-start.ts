import { parseArgs } from "node:util";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import { AppError } from "#contracts/errors";
import { givenVariable } from "#core/config/given-variable";
import type { OrchestratorRun } from "./run-orchestrator";
import { registryFromParent } from "./registry-choice";
import { loadOrchestratorConfig } from "./own-config";
import { settingsFromParent } from "./own-settings";

/** What the supervisor tells its front, by arguments and environment. */
export async function readFrontStart(service: string): Promise<OrchestratorRun> {
  const { values } = parseArgs({
    options: {
      "config": { type: "string" },
      "profile": { type: "string" },
      "port": { type: "string" },
      "host": { type: "string" },
      "allow-origin": { type: "string", multiple: true },
      "quiet": { type: "boolean" },
    },
  });
  const config = await loadOrchestratorConfig(values.config, {
    profile: values.profile,
    flags: {
      "server.host": { value: values.host, option: "--host" },
      "server.port": { value: values.port === undefined ? undefined : Number(values.port), option: "--port" },
    },
  });
  const registry = registryFromParent();
  if (registry === undefined) throw new AppError("registry-unavailable", { detail: "started without a supervisor" });
  const server = {
    ...config.server,
    allowedOrigins: [...config.server.allowedOrigins, ...(values["allow-origin"] ?? [])],
  };
  const log = createPinoLogger({ level: values.quiet === true ? "error" : config.log.level, service });
  const settings = settingsFromParent();
  return {
    config: { ...config, server },
    registry,
    configFrom: {
      ...(values.config === undefined ? {} : { config: values.config }),
      ...(values.profile === undefined ? {} : { profile: values.profile }),
    },
    token: givenVariable(process.env, "PARLEY_TOKEN"),
    ...(settings === undefined ? {} : { settings }),
    log,
  };
}

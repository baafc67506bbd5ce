// The orchestrator as a child of the supervisor.
import { parseArgs } from "node:util";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import { AppError } from "#contracts/errors";
import { registryFromParent } from "./registry-choice";
import { loadOrchestratorConfig, runOrchestrator } from "./run-orchestrator";
import { runAsChild } from "./service-process";
import { settingsFromParent } from "./settings-choice";

await runAsChild(async () => {
  const { values } = parseArgs({
    options: {
      "config": { type: "string" },
      "port": { type: "string" },
      "host": { type: "string" },
      "allow-origin": { type: "string", multiple: true },
      "quiet": { type: "boolean" },
    },
  });
  const config = await loadOrchestratorConfig(values.config);
  const registry = registryFromParent();
  if (registry === undefined) throw new AppError("registry-unavailable", { detail: "started without a supervisor" });
  const server = {
    ...config.server,
    allowedOrigins: [...config.server.allowedOrigins, ...(values["allow-origin"] ?? [])],
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
    ...(values.host === undefined ? {} : { host: values.host }),
  };
  const log = createPinoLogger({ level: values.quiet === true ? "error" : config.log.level, service: "orchestrator" });
  const settings = settingsFromParent();
  return runOrchestrator({ config: { ...config, server }, registry, token: process.env.PARLEY_TOKEN, settings, log });
});

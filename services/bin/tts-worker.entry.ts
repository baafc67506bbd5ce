// A speech worker as a child of the supervisor.
import { parseArgs } from "node:util";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import { AppError } from "#contracts/errors";
import { givenVariable } from "#core/config/given-variable";
import { registryFromParent } from "./registry-choice";
import { loadWorkerConfig, runWorker } from "./run-worker";
import { runAsChild } from "./service-process";

await runAsChild(async () => {
  const { values } = parseArgs({
    options: {
      config: { type: "string" },
      profile: { type: "string" },
      port: { type: "string" },
      host: { type: "string" },
      advertise: { type: "string" },
      name: { type: "string" },
      quiet: { type: "boolean" },
    },
  });
  const config = await loadWorkerConfig({
    file: values.config,
    profile: values.profile,
    flags: {
      "worker.host": { value: values.host, option: "--host" },
      "worker.port": { value: values.port === undefined ? undefined : Number(values.port), option: "--port" },
      "worker.advertise": { value: values.advertise, option: "--advertise" },
      "worker.name": { value: values.name, option: "--name" },
    },
  });
  const registry = registryFromParent();
  if (registry === undefined) throw new AppError("registry-unavailable", { detail: "started without a supervisor" });
  const log = createPinoLogger({ level: values.quiet === true ? "error" : config.log.level, service: "worker" });
  return runWorker({ config, registry, token: givenVariable(process.env, "PARLEY_TOKEN"), log });
});

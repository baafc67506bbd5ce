// A speech worker as a child of the supervisor.
import { parseArgs } from "node:util";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import { AppError } from "#contracts/errors";
import { registryFromParent } from "./registry-choice";
import { loadWorkerConfig, runWorker } from "./run-worker";
import { runAsChild } from "./service-process";

await runAsChild(async () => {
  const { values } = parseArgs({
    options: {
      config: { type: "string" },
      port: { type: "string" },
      host: { type: "string" },
      advertise: { type: "string" },
      name: { type: "string" },
      quiet: { type: "boolean" },
    },
  });
  const loaded = await loadWorkerConfig(values.config);
  const registry = registryFromParent();
  if (registry === undefined) throw new AppError("registry-unavailable", { detail: "started without a supervisor" });
  const worker = {
    ...loaded.worker,
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
    ...(values.host === undefined ? {} : { host: values.host }),
    ...(values.advertise === undefined ? {} : { advertise: values.advertise }),
    ...(values.name === undefined ? {} : { name: values.name }),
  };
  const log = createPinoLogger({ level: values.quiet === true ? "error" : loaded.log.level, service: "worker" });
  return runWorker({ config: { ...loaded, worker }, registry, token: process.env.PARLEY_TOKEN, log });
});

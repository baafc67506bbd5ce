import { systemIds } from "#adapters/system/system-ids";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import { hasCode } from "#contracts/errors";
import type { StartedHost, StartHostOptions } from "#host/start-host";
import { print, untilStopped } from "./cli-output";
import { loadOrchestratorConfig } from "./run-orchestrator";
import { startHost } from "./start-host";

export interface StartCommandOptions {
  config?: string;
  port?: string;
}

/** The app: everything on this computer, the page in the browser. */
export async function commandStart(options: StartCommandOptions): Promise<void> {
  const config = await loadOrchestratorConfig(options.config);
  const token = process.env.PARLEY_TOKEN ?? systemIds.secret();
  const log = createPinoLogger({
    level: process.env.PARLEY_LOG_LEVEL === "debug" ? "debug" : "warn",
    service: "parley",
  });
  const configArgs = options.config === undefined ? [] : ["--config", options.config];
  const started = await startOnFreePort(
    { config, token, log, workerArgs: ["--port", "0", "--quiet"], orchestratorArgs: [...configArgs, "--quiet"] },
    options.port,
  );
  const { banner, address, source } = started.holder.source.origin;
  print(`Parley is running. Open this address in your browser:`);
  print(`  http://127.0.0.1:${started.port}/#token=${token}`);
  print(`Workers are found through Redis: ${source}, ${address}.`);
  if (banner !== undefined) print(banner);
  print("Press Ctrl-C to stop.");
  await untilStopped();
  await started.host.stop();
}

/** A port that the user named must be free; the usual one is replaced by another when it is taken. */
async function startOnFreePort(options: StartHostOptions, port: string | undefined): Promise<StartedHost> {
  if (port !== undefined)
    return startHost({ ...options, orchestratorArgs: [...options.orchestratorArgs, "--port", port] });
  try {
    return await startHost(options);
  } catch (error) {
    if (!hasCode(error, "port-in-use")) throw error;
    print(`Port ${options.config.server.port} is taken by another program; another one is used.`);
    return startHost({ ...options, orchestratorArgs: [...options.orchestratorArgs, "--port", "0"] });
  }
}

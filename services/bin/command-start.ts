import { systemIds } from "#adapters/system/system-ids";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import type { Mode } from "#contracts/config/mode";
import { AppError, hasCode } from "#contracts/errors";
import { givenVariable } from "#core/config/given-variable";
import type { StartedHost, StartHostOptions } from "#host/start-host";
import { exitOnSignals, pageAddress, print, untilStopped } from "./cli-output";
import { openDesktop } from "./open-desktop";
import { loadOrchestratorConfig } from "./own-config";
import { openSettings } from "./own-settings";
import { startHost } from "./start-host";

export interface StartCommandOptions {
  config?: string;
  profile?: string;
  /** A port is for a browser; with one no window opens. */
  port?: string;
  browser?: boolean;
  /** Goes before the settings. */
  mode?: string;
  /** host:port under which other computers reach the worker. */
  advertise?: string;
  /** False: `--no-sandbox` was given. */
  sandbox: boolean;
}

const RUNNING_WORDS: Readonly<Record<Mode, string>> = {
  full: "Parley is running.",
  client: "Parley is running, with the voices of your fleet alone.",
  worker: "Parley is running as a worker for others.",
};

/** The app: everything on this computer, in its own window or, where there can be none, in the browser. */
export async function commandStart(options: StartCommandOptions): Promise<void> {
  if (options.browser === true || options.port !== undefined) return serveBrowser(options);
  const stopped = untilStopped();
  const window = await openDesktop({
    config: options.config,
    profile: options.profile,
    mode: options.mode,
    advertise: options.advertise,
    hasSandbox: options.sandbox,
    stopped,
  });
  switch (window.type) {
    case "failed":
      print(`No desktop window here: ${window.reason}. The browser shows the same.`);
      exitOnSignals();
      return serveBrowser(options);
    case "shown":
      return print("Parley is running already; its window is shown.");
    case "stopped":
      return;
    case "open": {
      print("Parley's window is open. Press Ctrl-C to stop.");
      const reason = await window.ended;
      if (reason !== undefined) throw new AppError("child-failed", { detail: `the window ended: ${reason}` });
    }
  }
}

async function serveBrowser(options: StartCommandOptions): Promise<void> {
  const config = await loadOrchestratorConfig(options.config, { profile: options.profile });
  const token = givenVariable(process.env, "PARLEY_TOKEN") ?? systemIds.secret();
  const log = createPinoLogger({
    level: process.env.PARLEY_LOG_LEVEL === "debug" ? "debug" : "warn",
    service: "parley",
  });
  const settings = await openSettings(config, log, { mode: options.mode });
  const configArgs = options.config === undefined ? [] : ["--config", options.config];
  const profileArgs = options.profile === undefined ? [] : ["--profile", options.profile];
  const started = await startOnFreePort(
    {
      config,
      token,
      settings,
      log,
      advertise: options.advertise,
      workerArgs: [...profileArgs, "--port", "0", "--quiet"],
      orchestratorArgs: [...configArgs, ...profileArgs, "--quiet"],
    },
    options.port,
  );
  const { banner, address, source } = started.holder.source.origin;
  print(`${RUNNING_WORDS[started.mode]} Open this address in your browser:`);
  print(`  ${pageAddress({ host: "127.0.0.1", port: started.port }, token)}`);
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

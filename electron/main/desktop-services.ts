import { createServer, type AddressInfo } from "node:net";
import { systemClock } from "#adapters/system/system-clock";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { AppError } from "#contracts/errors";
import { DESKTOP_ORIGIN, type DesktopConnection, type DesktopLaunch } from "#contracts/ipc/desktop-bridge";
import { sleep } from "#core/lifecycle/sleep";
import type { Logger } from "#core/ports/logger";
import { loadOrchestratorConfig } from "#host/load-config";
import type { Environment, Places } from "#host/places";
import { openUserSettings } from "#host/open-settings";
import { startHost, type HostSurroundings, type StartedHost } from "#host/start-host";
import type { OwnedSettings } from "#supervisor/settings-keeper";
import { createKeyring } from "./keyring";
import type { UtilityStarter } from "./starters/utility-starter";

export interface DesktopServicesOptions {
  starter: UtilityStarter;
  places: Places;
  env: Environment;
  log: Logger;
  /** Of the orchestrator; the page is bound to it, so it stays the same when the orchestrator is restarted. */
  port: number;
  token: string;
  /** Orchestrator configuration; undefined: the one that comes with Parley. */
  configFile: string | undefined;
  /** What `--profile` says. */
  profile: string | undefined;
  /** What `--mode` says. */
  mode: string | undefined;
  /** What `--advertise` says. */
  advertise: string | undefined;
  onGivenUp(error: AppError): void;
  onPartState: NonNullable<HostSurroundings["onPartState"]>;
}

export interface DesktopServices {
  /** By the settings as they are now, for a page that begins anew too; rejects when they cannot be read. */
  launch(): Promise<DesktopLaunch>;
  /** Resolves when a conversation can begin, rejects when the services cannot start. */
  readonly ready: Promise<DesktopConnection>;
  /** Ends all in order, by force what takes longer than 2.5 s. */
  stop(): Promise<void>;
}

const STOP_DEADLINE_MS = 2_500;

/** Redis, speech worker and orchestrator behind the window. */
export function startDesktopServices(options: DesktopServicesOptions): DesktopServices {
  const opened = openConfigured(options);
  const started = opened.then((configured) => start(options, configured));
  const ready = started.then(({ port }) => ({ url: `ws://127.0.0.1:${port}/`, token: options.token }));
  ready.catch(() => undefined);
  return {
    launch: async () => readLaunch((await opened).settings),
    ready,
    async stop() {
      const isOver = new AbortController();
      const stopping = started.then(({ host }) => host.stop()).catch(() => undefined);
      await Promise.race([stopping, sleep(systemClock, STOP_DEADLINE_MS, isOver.signal)]);
      isOver.abort();
      options.starter.killAll();
    },
  };
}

interface Configured {
  config: OrchestratorConfig;
  settings: OwnedSettings;
}

async function openConfigured(options: DesktopServicesOptions): Promise<Configured> {
  const { places, env, log, configFile, profile, mode } = options;
  const { config } = await loadOrchestratorConfig({ file: configFile, profile }, { places, env });
  const secrets = await createKeyring();
  return { config, settings: await openUserSettings({ config, places, env, mode, log, secrets }) };
}

async function readLaunch(settings: OwnedSettings): Promise<DesktopLaunch> {
  const { isFirstRun, settings: chosen } = await settings.read();
  return { isFirstRun, isWorkerOnly: chosen.mode === "worker" };
}

function start(options: DesktopServicesOptions, { config, settings }: Configured): Promise<StartedHost> {
  const { starter, places, env, log, token, configFile, profile, onGivenUp, onPartState } = options;
  const configArgs = configFile === undefined ? [] : ["--config", configFile];
  const profileArgs = profile === undefined ? [] : ["--profile", profile];
  const address = ["--host", "127.0.0.1", "--port", String(options.port), "--allow-origin", DESKTOP_ORIGIN];
  return startHost(
    {
      config,
      token,
      log,
      settings,
      orchestratorArgs: [...configArgs, ...profileArgs, ...address, "--quiet"],
      advertise: options.advertise,
      workerArgs: [...profileArgs, "--port", "0", "--quiet"],
    },
    { starter, places, env, onGivenUp, onPartState },
  );
}

/** The page's policy names the port before the orchestrator listens on it. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

import { announceApp } from "#adapters/running-app/running-app";
import { systemClock } from "#adapters/system/system-clock";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import { AppError } from "#contracts/errors";
import type { Mode } from "#contracts/config/mode";
import type { SettingsState } from "#contracts/settings/user-settings";
import { sleep } from "#core/lifecycle/sleep";
import type { ChildStarter } from "#core/ports/child-process";
import type { Logger } from "#core/ports/logger";
import { chosenRedis } from "#core/settings/configured-settings";
import type { RegistrySource } from "#supervisor/registry-source";
import type { OwnedSettings } from "#supervisor/settings-keeper";
import { createHost, type Host, type HostDeps, type HostFront } from "#supervisor/host";
import { chooseRegistrySource } from "./choose-registry-source";
import type { Environment, Places } from "./places";
import { serveSettingsOf, SETTINGS_CHANNEL_ENV } from "./open-settings";
import { holdRegistry, type RegistryHolder } from "./registry-holder";
import { createWorkerIdentity, OWN_WORKER_ENV } from "./worker-identity";

const READY_TIMEOUT_MS = 10_000;
/** Above what an answer takes from here to the page. */
const ANSWER_GRACE_MS = 200;
const READY_POLL_MS = 50;

export interface StartHostOptions {
  config: OrchestratorConfig;
  /** Arguments that the orchestrator, or the desk in its place, gets as they are. */
  orchestratorArgs: readonly string[];
  workerArgs: readonly string[];
  /** host:port under which other computers reach the worker. Absent: as `workerArgs` say. */
  advertise?: string | undefined;
  token: string | undefined;
  /** Absent: the configuration alone counts. */
  settings?: OwnedSettings;
  log: Logger;
}

/** What differs between the command line and the desktop window. */
export interface HostSurroundings {
  starter: ChildStarter;
  places: Pick<Places, "cacheDir" | "runtimeDir" | "bundledRedis">;
  env: Environment;
  /** A part failed too often and will not come back. */
  onGivenUp?(error: AppError): void;
  onPartState?: HostDeps["onPartState"];
}

export interface StartedHost {
  port: number;
  host: Host;
  holder: RegistryHolder;
  /** What it was started as. */
  mode: Mode;
}

/** Redis, worker and orchestrator on this computer, supervised. Nothing is left running when it rejects. */
export async function startHost(options: StartHostOptions, surroundings: HostSurroundings): Promise<StartedHost> {
  const { log } = options;
  const { redis } = options.config;
  const choose = (state: SettingsState | undefined): Promise<RegistrySource> =>
    chooseRegistrySource(redis, {
      ...surroundings,
      log,
      mayStart: true,
      chosen: state === undefined ? undefined : chosenRedis(redis, state),
    });
  const initial = await options.settings?.read();
  const mode = initial?.settings.mode ?? "full";
  const holder = holdRegistry(await choose(initial));
  const reachArgs = await reachOf(options.advertise, holder.source);
  const identity = createWorkerIdentity();
  let takeAway = (): Promise<void> => Promise.resolve();
  const onGivenUp = (error: AppError): void => {
    log.error("a part of Parley has given up", { error });
    surroundings.onGivenUp?.(error);
  };
  const host = createHost(
    {
      starter: surroundings.starter,
      clock: systemClock,
      log,
      registryEnv: () => holder.childEnv,
      serveRegistry: (child, part) => holder.serve(child, part),
      ...(options.settings === undefined ? {} : { serveSettings: serveSettingsOf(options.settings) }),
      stopRegistry: async () => {
        await takeAway();
        await holder.source.stop();
      },
      ...(surroundings.onPartState === undefined ? {} : { onPartState: surroundings.onPartState }),
      onGivenUp,
    },
    {
      front: frontOf(mode),
      hasWorker: mode !== "client",
      frontStart: {
        args: options.orchestratorArgs,
        env: {
          [OWN_WORKER_ENV]: identity.name,
          ...(options.token === undefined ? {} : { PARLEY_TOKEN: options.token }),
          ...(options.settings === undefined ? {} : { [SETTINGS_CHANNEL_ENV]: "1" }),
        },
      },
      workerStart: { args: [...options.workerArgs, ...reachArgs, ...identity.args], env: identity.env },
    },
  );
  try {
    const port = await host.start();
    // A client waits for nobody: its fleet may come later.
    if (mode === "full") await untilReady(port);
    if (options.settings !== undefined && initial !== undefined) {
      takeAway = await announceApp(surroundings.places.runtimeDir, {
        pid: process.pid,
        url: `ws://127.0.0.1:${port}/`,
        token: options.token,
        settingsFile: initial.file,
      }).catch((error: unknown) => {
        log.warn("the command line cannot reach this Parley", { error });
        return takeAway;
      });
      options.settings.attach({
        useRedis: async (state) => holder.moveTo(await choose(state)),
        useMode: ({ settings }) => host.useWorker(settings.mode !== "client"),
      });
      followFront(options.settings, host, onGivenUp);
    }
    return { port, host, holder, mode };
  } catch (error) {
    await host.stop();
    throw error;
  }
}

async function reachOf(advertise: string | undefined, source: RegistrySource): Promise<string[]> {
  try {
    return workerReach(advertise, source.origin);
  } catch (error) {
    await source.stop();
    throw error;
  }
}

/** Where the worker listens. Throws `bad-config` for an address that nobody could use; without a token the worker itself refuses. */
function workerReach(advertise: string | undefined, origin: RegistrySource["origin"]): string[] {
  if (advertise === undefined) return [];
  const port = /^[^\s:]+:(\d{1,5})$/.exec(advertise)?.[1];
  if (port === undefined) throw new AppError("bad-config", { detail: "--advertise looks like 192.168.1.20:7001" });
  if (origin.source === "private" || origin.source === "in-process")
    throw new AppError("bad-config", {
      detail: "--advertise needs a Redis that other computers reach: set REDIS_URL, or choose one in Fleet",
    });
  return ["--host", "0.0.0.0", "--port", port, "--advertise", advertise];
}

function frontOf(mode: Mode): HostFront {
  return mode === "worker" ? "desk" : "orchestrator";
}

/** The front that was asked for the change still has to answer before it makes way for the other one. */
function followFront(settings: OwnedSettings, host: Host, onFailed: (error: AppError) => void): void {
  let switching = Promise.resolve();
  settings.onChange((state) => {
    systemClock.setTimer(ANSWER_GRACE_MS, () => {
      switching = switching
        .then(() => host.useFront(frontOf(state.settings.mode)))
        .catch((error: unknown) =>
          onFailed(error instanceof AppError ? error : new AppError("internal", { cause: error })),
        );
    });
  });
}

/** Orchestrator and worker run; this waits until the one has seen the other. */
async function untilReady(port: number): Promise<void> {
  const deadlineMs = systemClock.nowMs() + READY_TIMEOUT_MS;
  const never = new AbortController().signal;
  for (;;) {
    const { ok, reasons } = await askReadiness(port);
    if (ok) return;
    if (systemClock.nowMs() > deadlineMs) throw new AppError("child-failed", { detail: reasons });
    await sleep(systemClock, READY_POLL_MS, never);
  }
}

async function askReadiness(port: number): Promise<{ ok: boolean; reasons: string }> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    return { ok: answer.ok, reasons: await answer.text() };
  } catch (error) {
    return { ok: false, reasons: String(error) };
  }
}

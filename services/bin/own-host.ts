import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { StartedHost } from "#host/start-host";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { Logger } from "#core/ports/logger";
import { loadOrchestratorConfig } from "./own-config";
import { startHost } from "./start-host";
import { readChildPids } from "./process-figures";

export interface OwnHostContext {
  /** Says how far it is. */
  progress(line: string): void;
  log: Logger;
  /** A folder that exists as long as the host runs. */
  workFolder: string;
}

export interface OwnHost {
  started: StartedHost;
  /** ws:// of the orchestrator. */
  url: string;
  /** http:// of the orchestrator, without a slash at the end. */
  httpUrl: string;
  pids(): { orchestrator: number; ears: number; worker: number };
}

/** The configuration of this computer, but with the built-in brain: what a language model says is never twice the same. */
export async function loadBuiltinConfig(): Promise<OrchestratorConfig> {
  const loaded = await loadOrchestratorConfig(undefined);
  return { ...loaded, brain: { ...loaded.brain, kind: "builtin" } };
}

export interface OwnHostOptions {
  /** Of the orchestrator; default: as configured. */
  maxSessions?: number;
  /** The voice of all answers; default: as configured. */
  voice?: string;
  /** Command line of the worker, after its port. */
  workerArgs?: readonly string[];
}

/** A whole Parley of its own with the built-in brain, for as long as `use` runs. */
export async function withOwnHost<T>(
  context: OwnHostContext,
  use: (host: OwnHost) => Promise<T>,
  options: OwnHostOptions = {},
): Promise<T> {
  const loaded = await loadBuiltinConfig();
  const { maxSessions = loaded.server.maxSessions, voice = loaded.voice.default, workerArgs = [] } = options;
  const config = {
    ...loaded,
    server: { ...loaded.server, maxSessions },
    voice: { ...loaded.voice, default: voice },
  };
  const configFile = path.join(context.workFolder, "orchestrator.yaml");
  // JSON is YAML.
  await writeFile(configFile, JSON.stringify(config));
  context.progress("starting Parley");
  const started = await startHost({
    config,
    token: undefined,
    log: context.log,
    workerArgs: ["--port", "0", "--quiet", ...workerArgs],
    orchestratorArgs: ["--config", configFile, "--port", "0", "--host", "127.0.0.1", "--quiet"],
  });
  const address = `127.0.0.1:${started.port}`;
  try {
    return await use({
      started,
      url: `ws://${address}/`,
      httpUrl: `http://${address}`,
      pids: () => readPids(started),
    });
  } finally {
    await started.host.stop();
  }
}

/** The ears are the orchestrator's only child. */
function readPids({ host }: StartedHost): ReturnType<OwnHost["pids"]> {
  const { orchestrator, worker } = host.pids;
  const ears = orchestrator === undefined ? undefined : readChildPids(orchestrator)[0];
  if (orchestrator === undefined || worker === undefined || ears === undefined)
    throw new Error("a part of Parley does not run");
  return { orchestrator, ears, worker };
}

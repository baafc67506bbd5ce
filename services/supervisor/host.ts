import type { AppError } from "#contracts/errors";
import type { ChildHandle, ChildStarter } from "#core/ports/child-process";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import { defaultSupervision, superviseService, type ServiceState, type SupervisedService } from "./supervised-service";

export interface HostDeps {
  starter: ChildStarter;
  clock: Clock;
  log: Logger;
  /** Environment with which a child that starts now reaches the registry. */
  registryEnv(): Readonly<Record<string, string>>;
  /** Lets a child use what of the registry is in this process. */
  serveRegistry(child: ChildHandle, part: HostPart): void;
  /** Lets the orchestrator use the settings; absent where none are kept. */
  serveSettings?: (child: ChildHandle) => void;
  /** Ends what the registry stands on; called last. */
  stopRegistry(): Promise<void>;
  /** A part failed too often and will not come back. */
  onGivenUp(error: AppError): void;
  onPartState?(part: HostPart, state: ServiceState): void;
}

/** Entry names of what a host supervises. */
export type HostPart = "orchestrator" | "tts-worker";

export interface HostOptions {
  orchestrator: { args: readonly string[]; env: Readonly<Record<string, string>> };
  /** Absent: this computer serves no voices of its own. */
  worker: { args: readonly string[]; env: Readonly<Record<string, string>> } | undefined;
}

export interface Host {
  /** Starts all parts; resolves with the orchestrator's port when a conversation can begin. */
  start(): Promise<number>;
  /** Orchestrator first, so that conversations end in order; then the worker; the registry last. */
  stop(): Promise<void>;
  readonly pids: { orchestrator: number | undefined; worker: number | undefined };
}

/** Parley on one computer: starts orchestrator and worker, keeps them running, ends them in order. */
export function createHost(deps: HostDeps, options: HostOptions): Host {
  /** Pages are bound to it, also when it was any free one. */
  let port: number | undefined;
  const supervise = (
    entry: HostPart,
    { args, env }: HostOptions["orchestrator"],
    onStarted?: (child: ChildHandle) => void,
  ): SupervisedService =>
    superviseService({
      ...deps,
      config: defaultSupervision,
      onState: (state) => deps.onPartState?.(entry, state),
      spec: () => ({
        entry,
        args: entry === "orchestrator" && port !== undefined ? [...args, "--port", String(port)] : args,
        env: { ...deps.registryEnv(), ...env },
      }),
      onStarted: (child) => {
        deps.serveRegistry(child, entry);
        onStarted?.(child);
      },
    });
  const worker = options.worker && supervise("tts-worker", options.worker);
  const orchestrator = supervise("orchestrator", options.orchestrator, deps.serveSettings);
  return {
    async start() {
      const serving = orchestrator.start().then((served) => (port = served));
      await Promise.all([serving, worker?.start()]);
      return serving;
    },
    async stop() {
      await orchestrator.stop();
      await worker?.stop();
      await deps.stopRegistry();
    },
    get pids() {
      return { orchestrator: orchestrator.pid, worker: worker?.pid };
    },
  };
}

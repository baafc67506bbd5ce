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
  /** Lets the front use the settings; absent where none are kept. */
  serveSettings?: (child: ChildHandle) => void;
  /** Ends what the registry stands on; called last. */
  stopRegistry(): Promise<void>;
  /** A part failed too often and will not come back. */
  onGivenUp(error: AppError): void;
  onPartState?(part: HostPart, state: ServiceState): void;
}

/** Who serves the page: conversations, or the desk of a worker that serves others alone. */
export type HostFront = "orchestrator" | "desk";

/** Entry names of what a host supervises. */
export type HostPart = HostFront | "tts-worker";

export interface PartStart {
  args: readonly string[];
  env: Readonly<Record<string, string>>;
}

export interface HostOptions {
  front: HostFront;
  /** Arguments are those of either front. */
  frontStart: PartStart;
  workerStart: PartStart;
  /** False: this computer serves no voices of its own. */
  hasWorker: boolean;
}

export interface Host {
  /** Starts all parts; resolves with the front's port when it serves. */
  start(): Promise<number>;
  /** Resolves when the worker serves, or has ended in order. Rejects when it cannot start; then there is none. */
  useWorker(hasWorker: boolean): Promise<void>;
  /** The other front takes over the port. */
  useFront(front: HostFront): Promise<void>;
  /** Front first, so that conversations end in order; then the worker; the registry last. */
  stop(): Promise<void>;
  readonly pids: { orchestrator: number | undefined; worker: number | undefined };
}

/** Parley on one computer: starts its parts, keeps them running, ends them in order. */
export function createHost(deps: HostDeps, options: HostOptions): Host {
  const { frontStart, workerStart } = options;
  /** Pages are bound to it, also when it was any free one. */
  let port: number | undefined;
  const supervise = (entry: HostPart, readStart: () => PartStart, serve?: (child: ChildHandle) => void) =>
    superviseService({
      ...deps,
      config: defaultSupervision,
      onState: (state) => deps.onPartState?.(entry, state),
      spec: () => {
        const { args, env } = readStart();
        return { entry, args, env: { ...deps.registryEnv(), ...env } };
      },
      onStarted: (child) => {
        deps.serveRegistry(child, entry);
        serve?.(child);
      },
    });
  const readFrontStart = (): PartStart =>
    port === undefined ? frontStart : { ...frontStart, args: [...frontStart.args, "--port", String(port)] };
  const superviseFront = (entry: HostFront) => supervise(entry, readFrontStart, deps.serveSettings);
  const superviseWorker = () => supervise("tts-worker", () => workerStart);
  let frontEntry = options.front;
  let front = superviseFront(frontEntry);
  let worker: SupervisedService | undefined = options.hasWorker ? superviseWorker() : undefined;
  return {
    async start() {
      const serving = front.start().then((served) => (port = served));
      await Promise.all([serving, worker?.start()]);
      return serving;
    },
    async useWorker(hasWorker) {
      if (hasWorker === (worker !== undefined)) return;
      const before = worker;
      worker = hasWorker ? superviseWorker() : undefined;
      await before?.stop();
      try {
        await worker?.start();
      } catch (error) {
        worker = undefined;
        throw error;
      }
    },
    async useFront(next) {
      if (next === frontEntry) return;
      frontEntry = next;
      await front.stop();
      front = superviseFront(next);
      await front.start();
    },
    async stop() {
      await front.stop();
      await worker?.stop();
      await deps.stopRegistry();
    },
    get pids() {
      return { orchestrator: front.pid, worker: worker?.pid };
    },
  };
}

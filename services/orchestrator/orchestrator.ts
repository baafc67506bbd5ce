import { AppError, toWireError, type WireError } from "#contracts/errors";
import { ADMIN_PROTOCOL_NAME } from "#contracts/protocol/admin";
import { CloseCode, PROTOCOL_NAME } from "#contracts/protocol/limits";
import type { ClientConnection } from "#core/ports/client-connection";
import type { Ids, Random } from "#core/ports/ids";
import type { FleetView, FleetWatch, WorkerSnapshot } from "#core/ports/worker-registry";
import { WrongTokens } from "#core/limits/wrong-tokens";
import { leaseThroughOutages } from "#core/registry/outage-leases";
import { watchFleet } from "#core/registry/watch-fleet";
import { WorkerRouter } from "#core/routing/worker-router";
import { createAdminDesk, type AdminServices } from "./admin/admin-desk";
import { watchLeases } from "./admin/lease-watch";
import { BrainSwitch } from "./brain-switch";
import type { GateDeps } from "./gate";
import { HedgeBudget } from "./hedge-budget";
import { LegacyGate } from "./legacy-gate";
import { LiveSettings, type SettingsServices } from "./live-settings";
import { ParleyGate } from "./parley-gate";
import { RecordingDesk, type RecordingServices } from "./recording/recording-desk";
import type { SessionDeps } from "./session";
import { SessionBook } from "./session-book";
import { previewVoice } from "./voice-preview";

const CLIENT_ALONE =
  "No worker of your fleet is ready, and this computer has no voice of its own. Start a worker elsewhere, or choose Everything in Settings.";

export interface OrchestratorDeps extends Omit<SessionDeps, "router" | "hedges" | "recordings"> {
  ids: Ids;
  random: Random;
  maxSessions: number;
  token: string | undefined;
  /** Shared with the other doors that ask for the token. */
  wrongTokens?: WrongTokens;
  defaultVoice: string;
  /** Absent: nobody can look after this orchestrator through its port. */
  admin?: AdminServices;
  /** Absent: nothing can be changed while it runs. */
  settings?: SettingsServices;
  /** Absent: no conversation can be kept. */
  recording?: RecordingServices;
}

export interface Readiness {
  isReady: boolean;
  /** Why not, in words; empty when ready. */
  reasons: string[];
}

export interface Orchestrator {
  /** Serves a connection until it closes. */
  accept(connection: ClientConnection): void;
  readiness(): Readiness;
  /** With the heartbeats' ages as of now. */
  workers(): readonly WorkerSnapshot[];
  /** Reads the registry now. Never rejects. */
  look(): Promise<void>;
  /** Resolves after the first look at the registry. */
  start(): Promise<void>;
  /** Lets running answers finish, up to `timeoutMs`, then ends every conversation. */
  stop(options: { timeoutMs: number }): Promise<void>;
}

/** The predecessor's protocol has no place for a token. */
function refuseWithoutToken(connection: ClientConnection): void {
  const { message, code } = toWireError(new AppError("unauthorized"));
  connection.send(JSON.stringify({ type: "error", message, code }));
  connection.close(CloseCode.unauthorized, code);
}

/** Conversations between clients and the agent. Ports come in `deps`; nothing here knows sockets, Redis or models. */
export function createOrchestrator(given: OrchestratorDeps): Orchestrator {
  const { clock, random } = given;
  let workers: readonly WorkerSnapshot[] = [];
  let isSettled = true;
  const leases = watchLeases(
    leaseThroughOutages(given.registry, {
      clock,
      log: given.log,
      workers: () => workers,
      isSettled: () => isSettled,
      look: () => look(),
      onOwnLease: () => given.metrics.count("parley_outage_leases_total"),
    }),
  );
  const router = new WorkerRouter({ clock, random, workers: () => workers });
  const brain = new BrainSwitch(given.brain);
  const recordings = given.recording && new RecordingDesk(given.recording, clock);
  const wrongTokens = given.wrongTokens ?? new WrongTokens(clock);
  const deps = {
    ...given,
    wrongTokens,
    recordings,
    registry: leases.registry,
    router,
    hedges: new HedgeBudget(),
    brain,
  };
  const sessions = new SessionBook(deps);
  const legacyGates = new Set<LegacyGate>();
  let lookedAtMs = deps.clock.nowMs();
  let registryError: WireError | undefined;
  let fleet: FleetWatch | undefined;

  const see = (view: FleetView): void => {
    ({ workers, isSettled, seenAtMs: lookedAtMs } = view);
    registryError = view.error === undefined ? undefined : toWireError(view.error);
    deps.metrics.set("parley_workers_ready", readyWorkers().length);
  };
  const look = async (): Promise<void> => fleet?.refresh();
  const readyWorkers = (): WorkerSnapshot[] => workers.filter((worker) => worker.isLive && worker.state === "ready");
  const live =
    deps.settings &&
    new LiveSettings({
      services: deps.settings,
      brain,
      log: deps.log,
      setTurnDelays: (delays) => sessions.setTurnDelays(delays),
      setRecordingScope: (scope) => recordings?.setScope(scope),
      recordingsFolder: given.recording?.folder,
    });
  const voices = (): string[] => [...new Set(readyWorkers().flatMap((worker) => worker.info.voices))].sort();
  /** Another voice answers while no worker has the usual one. */
  const defaultVoice = (): string => {
    const wanted = live?.state.settings.voice ?? deps.defaultVoice;
    const offered = voices();
    return offered.includes(wanted) ? wanted : (offered[0] ?? wanted);
  };
  const gateDeps: GateDeps = {
    ...deps,
    sessions,
    voices,
    defaultVoice,
    banner: () => {
      const isAlone = live?.state.settings.mode === "client" && readyWorkers().length === 0;
      return deps.registry.origin.banner ?? (isAlone ? CLIENT_ALONE : undefined);
    },
  };
  const admin =
    deps.admin &&
    createAdminDesk({
      ...deps,
      ...deps.admin,
      fleet: () => ({ workers, lookedAtMs, error: registryError }),
      speakingWorkers: leases.leasedWorkers,
      look,
      settings: live &&
        deps.settings && {
          live,
          tryBrain: deps.settings.tryBrain,
          voices,
          preview: (voice) => previewVoice(deps, voice),
        },
    });

  return {
    accept(connection) {
      if (connection.protocol === PROTOCOL_NAME) {
        new ParleyGate(gateDeps, connection);
        return;
      }
      if (connection.protocol === ADMIN_PROTOCOL_NAME && admin !== undefined) return admin.accept(connection);
      if (deps.token !== undefined) return refuseWithoutToken(connection); // [P12]
      const gate = new LegacyGate({ ...gateDeps, turns: deps }, { connection, sessionId: deps.ids.next("ws") });
      legacyGates.add(gate);
      connection.onClose(() => legacyGates.delete(gate));
    },
    readiness() {
      const reasons = [
        ...(registryError === undefined ? [] : [registryError.message]),
        ...(readyWorkers().length > 0 ? [] : ["No voice worker is ready."]),
        ...(deps.asr.isReady() ? [] : ["Speech recognition is starting."]),
      ];
      return { isReady: reasons.length === 0, reasons };
    },
    workers() {
      const sinceMs = clock.nowMs() - lookedAtMs;
      return workers.map((worker) => ({ ...worker, heartbeatAgeMs: worker.heartbeatAgeMs + sinceMs }));
    },
    look,
    async start() {
      fleet = watchFleet(given.registry, clock, see);
      await Promise.all([look(), live?.start()]);
    },
    async stop({ timeoutMs }) {
      for (const gate of legacyGates) gate.close();
      admin?.close();
      live?.close();
      const timeout = deps.clock.setTimer(timeoutMs, () => sessions.endAll());
      await sessions.drain();
      timeout.dispose();
      await recordings?.written();
      fleet?.dispose();
    },
  };
}

import { AppError, toWireError } from "#contracts/errors";
import { ADMIN_PROTOCOL_NAME, type AdminRequest, type AdminResponse } from "#contracts/protocol/admin";
import { CloseCode } from "#contracts/protocol/limits";
import type { SettingsState } from "#contracts/settings/user-settings";
import type { ClientConnection } from "#core/ports/client-connection";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import type { Metrics } from "#core/ports/metrics";
import type { SettingsKeeper } from "#core/ports/settings";
import type { FleetView, FleetWatch, WorkerRegistry } from "#core/ports/worker-registry";
import { WrongTokens } from "#core/limits/wrong-tokens";
import { watchFleet } from "#core/registry/watch-fleet";
import { createAdminDesk, type AdminServices } from "./admin/admin-desk";
import { settingsViewOf } from "./settings-view";

export interface DeskDeps extends AdminServices {
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  registry: WorkerRegistry;
  token: string | undefined;
  keeper: SettingsKeeper;
  /** What holds when it starts. */
  initial: SettingsState;
  tryBrain(request: AdminRequest<"brain-test">): Promise<AdminResponse<"brain-test">>;
}

export interface Desk {
  /** Serves a connection until it closes. */
  accept(connection: ClientConnection): void;
  /** Reads the registry now. Never rejects. */
  look(): Promise<void>;
  /** Resolves after the first look at the registry. */
  start(): Promise<void>;
  stop(): void;
}

/** Looking after a worker that serves others alone: the admin protocol without conversations. */
export function createDesk(deps: DeskDeps): Desk {
  let view: FleetView = { workers: [], seenAtMs: deps.clock.nowMs(), error: undefined, isSettled: true };
  let fleet: FleetWatch | undefined;
  let state = deps.initial;
  const watching = deps.keeper.onChange((changed) => (state = changed));
  const facts = {
    brainLabel: "",
    hasLanguageModel: false,
    isWorkerOnly: true,
    hasMode: true,
    recordingsFolder: undefined,
  };
  const admin = createAdminDesk({
    ...deps,
    wrongTokens: new WrongTokens(deps.clock),
    fleet: () => ({
      workers: view.workers,
      lookedAtMs: view.seenAtMs,
      error: view.error === undefined ? undefined : toWireError(view.error),
    }),
    speakingWorkers: () => [],
    look: async () => fleet?.refresh(),
    settings: {
      live: {
        keeper: deps.keeper,
        get state() {
          return state;
        },
        view: () => Promise.resolve(settingsViewOf(state, facts)),
      },
      tryBrain: deps.tryBrain,
      voices: () => [],
      preview: () => Promise.reject(new AppError("worker-only")),
    },
  });
  return {
    accept(connection) {
      if (connection.protocol === ADMIN_PROTOCOL_NAME) return admin.accept(connection);
      const error = toWireError(new AppError("worker-only"));
      connection.send(JSON.stringify({ type: "error", ...error }));
      connection.close(CloseCode.normal, error.code);
    },
    look: async () => fleet?.refresh(),
    async start() {
      fleet = watchFleet(deps.registry, deps.clock, (seen) => (view = seen));
      await fleet.refresh();
      state = await deps.keeper.read();
    },
    stop() {
      watching.dispose();
      admin.close();
      fleet?.dispose();
    },
  };
}

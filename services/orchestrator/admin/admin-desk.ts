import type { DoctorReport } from "#contracts/doctor/report";
import type { WireError } from "#contracts/errors";
import type { FleetSnapshot, FleetWorker } from "#contracts/protocol/admin";
import { CloseCode } from "#contracts/protocol/limits";
import type { ClientConnection } from "#core/ports/client-connection";
import type { Clock } from "#core/ports/clock";
import type { ConversationArchive } from "#core/ports/conversation-archive";
import type { Logger } from "#core/ports/logger";
import type { Metrics } from "#core/ports/metrics";
import type { RedisStatus, RedisTest } from "#core/ports/redis-status";
import type { WorkerRegistry, WorkerSnapshot } from "#core/ports/worker-registry";
import { createAdminCalls } from "./admin-calls";
import { AdminFeed } from "./admin-feed";
import type { TokenDoor } from "../token-check";
import { AdminGate } from "./admin-gate";
import { createHistoryCalls } from "./history-calls";
import { createRedisSnapshots } from "./redis-snapshots";
import { createSettingsCalls, type SettingsCallDeps } from "./settings-calls";

/** Windows and tools that look on; far more than one person has open. */
const MAX_ADMIN_CONNECTIONS = 32;

/** What looking after Parley stands on, besides the conversations' own ports. */
export interface AdminServices {
  /** Undefined while the registry is in this process. */
  redisStatus(): RedisStatus | undefined;
  testRedis: RedisTest;
  /** Name of the worker that was started together with this. */
  ownWorker?: string | undefined;
  /** Absent: this computer is not looked over from here. Never rejects. */
  examineComputer?(): Promise<DoctorReport>;
  /** Absent: no conversation is kept here. */
  archive?: ConversationArchive;
}

/** The orchestrator's last look at the registry. */
export interface FleetView {
  workers: readonly WorkerSnapshot[];
  lookedAtMs: number;
  error: WireError | undefined;
}

export interface AdminDeskDeps extends AdminServices, TokenDoor {
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  registry: WorkerRegistry;
  fleet(): FleetView;
  /** Names of the workers that speak for this orchestrator. */
  speakingWorkers(): string[];
  /** Absent: nothing can be changed while it runs. */
  settings: SettingsCallDeps | undefined;
  /** Reads the registry now. Never rejects. */
  look(): Promise<void>;
}

export interface AdminDesk {
  /** Serves a connection until it closes. */
  accept(connection: ClientConnection): void;
  close(): void;
}

/** Serves those who look after Parley, by `parley.admin.v1`. */
export function createAdminDesk(deps: AdminDeskDeps): AdminDesk {
  const gates = new Set<AdminGate>();
  const feed = new AdminFeed({
    clock: deps.clock,
    log: deps.log,
    fleet: () => toFleetSnapshot(deps),
    look: () => deps.look(),
    redis: createRedisSnapshots({ origin: () => deps.registry.origin, status: deps.redisStatus }),
  });
  const fleetCalls = createAdminCalls({
    registry: deps.registry,
    testRedis: deps.testRedis,
    async onFleetChanged() {
      await deps.look();
      feed.pushFleet();
    },
  });
  const { examineComputer } = deps;
  const calls = {
    ...fleetCalls,
    ...(examineComputer === undefined ? {} : { "computer-check": () => examineComputer() }),
    ...(deps.settings === undefined ? {} : createSettingsCalls(deps.settings)),
    ...(deps.archive === undefined ? {} : createHistoryCalls(deps.archive)),
  };
  return {
    accept(connection) {
      const gate = new AdminGate({ ...deps, feed, calls }, connection);
      if (gates.size >= MAX_ADMIN_CONNECTIONS) return gate.refuse("at-capacity", CloseCode.atCapacity);
      gates.add(gate);
      connection.onClose(() => gates.delete(gate));
    },
    close() {
      for (const gate of gates) gate.refuse("shutting-down", CloseCode.goingAway);
      gates.clear();
    },
  };
}

function toFleetSnapshot(deps: AdminDeskDeps): FleetSnapshot {
  const { workers, lookedAtMs, error } = deps.fleet();
  const sinceMs = Math.max(0, deps.clock.nowMs() - lookedAtMs);
  return {
    workers: workers.map((worker) => toFleetWorker(worker, sinceMs)),
    speakingWorkers: deps.speakingWorkers(),
    ...(deps.ownWorker === undefined ? {} : { ownWorker: deps.ownWorker }),
    ...(error === undefined ? {} : { error }),
  };
}

/** `sinceMs`: how old the snapshot is. */
function toFleetWorker(worker: WorkerSnapshot, sinceMs: number): FleetWorker {
  const { name, state, isLive, capacity, inUse, info, stats } = worker;
  return {
    name,
    state,
    isLive,
    capacity,
    inUse,
    heartbeatAgeMs: Math.round(worker.heartbeatAgeMs + sinceMs),
    info,
    ...(stats === undefined ? {} : { stats }),
  };
}

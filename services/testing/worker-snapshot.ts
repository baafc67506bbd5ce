import type { WorkerInfo } from "#contracts/registry/worker-record";
import type { WorkerSnapshot } from "#core/ports/worker-registry";

export function workerInfo(name: string, voice = "slt"): WorkerInfo {
  return {
    name,
    address: "127.0.0.1:7001",
    host: "test",
    device: "cpu",
    protocolVersion: 1,
    languages: ["en"],
    voices: [voice],
    residentVoices: [voice],
    startedAt: "2026-03-02T10:00:00.000Z",
  };
}

/** A live, ready, idle worker as the registry lists it. */
export function workerSnapshot(name: string, changes: Partial<WorkerSnapshot> = {}): WorkerSnapshot {
  return {
    name,
    generation: 1,
    state: "ready",
    capacity: 4,
    inUse: 0,
    info: workerInfo(name),
    stats: undefined,
    heartbeatAgeMs: 0,
    isLive: true,
    ...changes,
  };
}

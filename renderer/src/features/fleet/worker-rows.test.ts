import { expect, test } from "vitest";
import type { FleetSnapshot, FleetWorker } from "#contracts/protocol/admin";
import { fleetSummary, rowState, selectRows, type WorkerSort } from "./worker-rows";

function worker(name: string, changes: Partial<FleetWorker> & { host?: string; ttfaMs?: number } = {}): FleetWorker {
  const { host = "here", ttfaMs, ...rest } = changes;
  return {
    name,
    state: "ready",
    isLive: true,
    capacity: 4,
    inUse: 0,
    heartbeatAgeMs: 500,
    info: {
      name,
      address: "127.0.0.1:7001",
      host,
      device: "cpu",
      protocolVersion: 1,
      languages: ["en"],
      voices: ["flite-slt"],
      residentVoices: [],
      startedAt: "2026-03-02T10:15:00Z",
    },
    ...(ttfaMs === undefined ? {} : { stats: { inUse: 0, queueMs: 0, ttfaMs } }),
    ...rest,
  };
}

const FLEET: FleetSnapshot = {
  workers: [
    worker("tts-10", { inUse: 4, ttfaMs: 30 }),
    worker("tts-2", { state: "draining", inUse: 1, host: "attic" }),
    worker("tts-1", { isLive: false, heartbeatAgeMs: 9000, ttfaMs: 90 }),
  ],
  speakingWorkers: ["tts-10"],
};

const sorted = (by: WorkerSort, isDescending = false): string[] =>
  selectRows(FLEET, "", { by, isDescending }).map((row) => row.worker.name);

test("names are sorted as people count", () => expect(sorted("name")).toEqual(["tts-1", "tts-2", "tts-10"]));

test("sorting by state begins with what needs care", () =>
  expect(sorted("state")).toEqual(["tts-1", "tts-2", "tts-10"]));

test("load and time to first audio sort by their figures, unmeasured ones as the smallest", () => {
  expect(sorted("load", true)).toEqual(["tts-10", "tts-2", "tts-1"]);
  expect(sorted("first-audio")).toEqual(["tts-2", "tts-10", "tts-1"]);
});

test.each([
  ["attic", ["tts-2"]],
  ["TTS-1 over", ["tts-1"]],
  ["speaking", ["tts-10"]],
  ["slt cpu", ["tts-1", "tts-2", "tts-10"]],
  ["gpu", []],
])("searching %j finds %j", (query, names) => {
  const rows = selectRows(FLEET, query, { by: "name", isDescending: false });
  expect(rows.map((row) => row.worker.name)).toEqual(names);
});

test("a worker without a heartbeat is overdue even while it drains", () => {
  expect(rowState(worker("a", { isLive: false, state: "draining" }))).toBe("overdue");
});

test("a draining worker that has finished is drained", () => {
  expect(rowState(worker("a", { state: "draining", inUse: 1 }))).toBe("draining");
  expect(rowState(worker("a", { state: "draining" }))).toBe("drained");
});

test("the summary counts states, and places of live workers only", () => {
  expect(fleetSummary(FLEET)).toBe("3 workers · 1 ready · 1 draining · 1 overdue · 5 of 8 places in use");
  expect(fleetSummary({ workers: [], speakingWorkers: [] })).toBe("No worker is registered.");
});

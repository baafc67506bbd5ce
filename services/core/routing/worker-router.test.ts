import { beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "#testing/fake-clock";
import { workerSnapshot } from "#testing/worker-snapshot";
import type { WorkerSnapshot } from "../ports/worker-registry";
import { WorkerRouter } from "./worker-router";

let clock: FakeClock;
let workers: WorkerSnapshot[];
let router: WorkerRouter;
let random: number;

function worker(name: string, stats: Partial<WorkerSnapshot["stats"]> = {}): WorkerSnapshot {
  return workerSnapshot(name, { stats: { inUse: 0, queueMs: 0, realTimeFactor: 0.05, ttfaMs: 50, ...stats } });
}

const first = (sessionId = "s1"): string | undefined => router.rank({ voice: "slt", sessionId })[0];

beforeEach(() => {
  clock = new FakeClock();
  random = 0;
  workers = [worker("a"), worker("b")];
  router = new WorkerRouter({ clock, random: () => random, workers: () => workers });
});

describe("WorkerRouter", () => {
  it("[RT2] a worker that was seen to be slow is left for the other, and tried again when that is long ago", () => {
    router.rank({ voice: "slt", sessionId: "s0" });
    for (let turn = 0; turn < 5; turn++) router.observe({ worker: "a", sessionId: "s0", ttfaMs: 500 });
    const chosen = (): (string | undefined)[] => [0, 0.99].map((value) => ((random = value), first()));
    expect(chosen()).toEqual(["b", "b"]);
    clock.advanceMs(600_000);
    expect(chosen().toSorted()).toEqual(["a", "b"]);
  });

  it("[RT2] a stream given up without a frame counts as at least that slow", () => {
    first();
    router.observeSilence({ worker: "a", waitedMs: 900 });
    expect(first()).toBe("b");
  });

  it("[RT3] a worker on which a stream broke off is passed over for 6 s", () => {
    expect(first()).toBe("a");
    router.observeLoss("a");
    expect(first()).toBe("b");
    clock.advanceMs(6_001);
    expect(first()).toBe("a");
  });

  it("[RT4] a session stays with the worker that spoke last for it", () => {
    first();
    router.observe({ worker: "b", sessionId: "s1", ttfaMs: 55 });
    expect(first("s1")).toBe("b");
    expect(first("s2")).toBe("a");
  });

  it("[RT6] the 90th percentile is the worker's own until ten first frames were seen here", () => {
    workers = [worker("a", { ttfaP90Ms: 120 })];
    expect(router.p90Ms("a")).toBe(140);
    for (let ttfaMs = 10; ttfaMs <= 100; ttfaMs += 10) router.observe({ worker: "a", sessionId: "s1", ttfaMs });
    expect(router.p90Ms("a")).toBe(90);
    expect(router.p90Ms("unknown")).toBeUndefined();
  });

  it("a restarted worker begins anew", () => {
    router.observe({ worker: "a", sessionId: "s1", ttfaMs: 900 });
    workers = [{ ...worker("a"), generation: 2 }, worker("b")];
    expect(first("s2")).toBe("a");
  });
});

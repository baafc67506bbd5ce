import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { workerSnapshot } from "#testing/worker-snapshot";
import type { WorkerSnapshot } from "../ports/worker-registry";
import { estimateFirstAudioMs, type WorkerFacts } from "./estimate";
import { rankWorkers, type RankRequest } from "./rank-workers";

interface Shape {
  name: string;
  ttfaMs?: number;
  realTimeFactor?: number;
  queueMs?: number;
  inUse?: number;
  change?: Partial<WorkerSnapshot>;
  observedMs?: number;
  observedAgeMs?: number;
  publishedAgeMs?: number;
  isSuspect?: boolean;
}

function facts(shape: Shape): WorkerFacts {
  const { name, ttfaMs, realTimeFactor = 0.05, queueMs = 0, inUse = 0, observedMs } = shape;
  return {
    worker: workerSnapshot(name, {
      capacity: 8,
      inUse,
      stats: { inUse, queueMs, realTimeFactor, ...(ttfaMs === undefined ? {} : { ttfaMs }) },
      ...shape.change,
    }),
    observation: observedMs === undefined ? undefined : { ttfaMs: observedMs, ageMs: shape.observedAgeMs ?? 0 },
    publishedAgeMs: shape.publishedAgeMs ?? 0,
    isSuspect: shape.isSuspect ?? false,
  };
}

const request = (change: Partial<RankRequest> = {}): RankRequest => ({
  voice: "slt",
  affinity: undefined,
  exclude: new Set(),
  random: () => 0.5,
  ...change,
});

/** A repeatable sequence of numbers in [0, 1); Park and Miller's generator of 1988. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const anyShape = fc.record({
  ttfaMs: fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined }),
  realTimeFactor: fc.double({ min: 0, max: 1.5, noNaN: true }),
  inUse: fc.integer({ min: 0, max: 9 }),
  state: fc.constantFrom<WorkerSnapshot["state"]>("starting", "ready", "draining"),
  isLive: fc.boolean(),
  voice: fc.constantFrom("slt", "awb"),
  isSuspect: fc.boolean(),
});

describe("rankWorkers", () => {
  it("[RT9] a foreign worker with another voice comes after those that have it, and before one that just broke off", () => {
    const own = facts({ name: "own", ttfaMs: 900 });
    const info = { ...own.worker.info, protocolVersion: 0, residentVoices: ["other"] };
    const foreign = facts({ name: "foreign", ttfaMs: 10, change: { info } });
    const broken = facts({ name: "broken", ttfaMs: 10, isSuspect: true });
    expect(rankWorkers([foreign, broken, own], request({ affinity: "foreign" }))).toEqual(["own", "foreign", "broken"]);
    const having = facts({ name: "foreign", ttfaMs: 10, change: { info: { ...info, residentVoices: ["slt"] } } });
    expect(rankWorkers([own, having], request())[0]).toBe("foreign");
  });

  it("[RT1] names only live, ready workers with the voice and a free slot that are not excluded, each once", () => {
    fc.assert(
      fc.property(fc.array(anyShape, { maxLength: 12 }), fc.integer({ min: 1, max: 1_000 }), (shapes, seed) => {
        const all = shapes.map((shape, index) => {
          const { worker, ...rest } = facts({ ...shape, name: `w${index}` });
          const info = { ...worker.info, voices: [shape.voice] };
          return { ...rest, worker: { ...worker, state: shape.state, isLive: shape.isLive, info } };
        });
        const exclude = new Set(["w0", "w3"]);
        const ranked = rankWorkers(all, request({ exclude, random: seeded(seed) }));
        const allowed = shapes.flatMap((shape, index) =>
          shape.isLive &&
          shape.state === "ready" &&
          shape.voice === "slt" &&
          shape.inUse < 8 &&
          !exclude.has(`w${index}`)
            ? [`w${index}`]
            : [],
        );
        expect(ranked).toHaveLength(Math.min(8, allowed.length));
        expect(new Set(ranked).size).toBe(ranked.length);
        for (const name of ranked) expect(allowed).toContain(name);
      }),
    );
  });

  it("[RT2] what was seen here outweighs what the worker says, and fades with its age", () => {
    const fresh = facts({ name: "a", ttfaMs: 40, observedMs: 400 });
    const old = facts({ name: "a", ttfaMs: 40, observedMs: 400, observedAgeMs: 600_000 });
    const other = facts({ name: "b", ttfaMs: 40 });
    expect(estimateFirstAudioMs([fresh, other])[0]).toBeCloseTo(400, 0);
    expect(estimateFirstAudioMs([old, other])[0]).toBeLessThan(60);
  });

  it("[RT2] a worker of which nothing is known is expected to be like the others", () => {
    const [unknown = 0] = estimateFirstAudioMs([facts({ name: "new" }), facts({ name: "b", ttfaMs: 80 })]);
    expect(unknown).toBeCloseTo(80, 0);
  });

  it("[RT2] a busy worker and one with a queue are expected to be slower", () => {
    const idle = facts({ name: "idle", ttfaMs: 50, realTimeFactor: 0.2 });
    const busy = facts({ name: "busy", ttfaMs: 50, realTimeFactor: 0.2, inUse: 4 });
    const queued = facts({ name: "queued", ttfaMs: 50, realTimeFactor: 0.2, queueMs: 300 });
    expect(rankWorkers([queued, busy, idle], request())).toEqual(["idle", "busy", "queued"]);
  });

  it("[RT3] a worker that cannot keep up with playback, or just broke off, comes last", () => {
    const slow = facts({ name: "slow", ttfaMs: 10, realTimeFactor: 0.95 });
    const broken = facts({ name: "broken", ttfaMs: 10, isSuspect: true });
    const good = facts({ name: "good", ttfaMs: 900 });
    expect(rankWorkers([slow, broken, good], request())[0]).toBe("good");
  });

  it("[RT4] the session stays with its worker while that costs less than a fifth", () => {
    const best = facts({ name: "best", ttfaMs: 100 });
    const near = facts({ name: "near", ttfaMs: 118 });
    const far = facts({ name: "far", ttfaMs: 300 });
    expect(rankWorkers([best, near, far], request({ affinity: "near" }))[0]).toBe("near");
    expect(rankWorkers([best, near, far], request({ affinity: "far" }))[0]).not.toBe("far");
  });

  it("[RT5] a burst upon one stale snapshot is spread over near-equal workers", () => {
    const names = ["a", "b", "c", "d"];
    const all = names.map((name, index) => facts({ name, ttfaMs: 50 + index }));
    const random = seeded(7);
    const firsts = Array.from({ length: 400 }, () => rankWorkers(all, request({ random }))[0]);
    for (const name of names) expect(firsts.filter((first) => first === name).length).toBeGreaterThan(60);
  });

  it("[RT5] of two near-equal workers the less loaded one is chosen", () => {
    const all = [facts({ name: "a", ttfaMs: 50, inUse: 3, realTimeFactor: 0 }), facts({ name: "b", ttfaMs: 50 })];
    const random = seeded(3);
    expect(Array.from({ length: 50 }, () => rankWorkers(all, request({ random }))[0])).not.toContain("a");
  });

  it("[RT5] a much slower worker is not among the near-equals", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (seed) => {
        const all = [
          facts({ name: "slow", ttfaMs: 150 }),
          facts({ name: "a", ttfaMs: 50 }),
          facts({ name: "b", ttfaMs: 55 }),
        ];
        expect(rankWorkers(all, request({ random: seeded(seed) }))[0]).not.toBe("slow");
      }),
    );
  });
});

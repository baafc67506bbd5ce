import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WorkerInfo } from "#contracts/registry/worker-record";
import type {
  Lease,
  LeaseOutcome,
  RegisterOutcome,
  RegisterRequest,
  Registration,
  WorkerRegistry,
} from "#core/ports/worker-registry";

export interface RegistryUnderTest {
  registry: WorkerRegistry;
  /** Lets about this much of the registry's time pass. */
  passTime(durationMs: number): Promise<void>;
  /** The registry loses all its data, as by a restart; given where that can happen (`canLoseData`). */
  loseData?(): Promise<void>;
  close(): Promise<void>;
}

/** Outlives every test. */
const LONG_MS = 60_000;
/** Long enough to be seen alive, short enough to wait for. */
const SHORT_MS = 150;
const STATS = { inUse: 0, queueMs: 0 };

/** The rules of docs/specs/registry.md that every WorkerRegistry keeps. */
export function describeWorkerRegistryContract(
  title: string,
  open: () => Promise<RegistryUnderTest>,
  options: { canLoseData?: boolean } = {},
): void {
  describe(`WorkerRegistry contract: ${title}`, () => {
    let subject: RegistryUnderTest;
    let registry: WorkerRegistry;

    beforeEach(async () => {
      subject = await open();
      registry = subject.registry;
    });
    afterEach(async () => {
      await subject.close();
    });

    const register = (
      name: string,
      options: Partial<Omit<RegisterRequest, "info">> & { info?: Partial<WorkerInfo> } = {},
    ) =>
      registry.register({
        info: testWorkerInfo(name, options.info),
        nonce: options.nonce ?? `nonce-of-${name}`,
        capacity: options.capacity ?? 4,
        ttlMs: options.ttlMs ?? LONG_MS,
        ...(options.state === undefined ? {} : { state: options.state }),
      });
    const lease = (requestId: string, options: Partial<{ voice: string; ttlMs: number }> = {}) =>
      registry.lease({ requestId, voice: options.voice ?? "tone", ttlMs: options.ttlMs ?? LONG_MS });
    const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
      for (let round = 0; round < 500; round += 1) {
        if (await isTrue()) return;
        await subject.passTime(20);
      }
      expect.fail("the awaited condition never came");
    };
    const find = async (name: string) => (await registry.list()).find((worker) => worker.name === name);
    const untilOverdue = (name: string) => until(async () => (await find(name))?.isLive === false);

    it("[RG1] the same nonce with another address takes the place of the earlier start at once, leases and all", async () => {
      const first = registered(await register("a", { capacity: 1 }));
      await lease("before");
      const second = registered(await register("a", { capacity: 1, info: { address: "127.0.0.1:7999" } }));
      expect(second.generation).toBeGreaterThan(first.generation);
      expect(await registry.list()).toMatchObject([{ name: "a", inUse: 0, info: { address: "127.0.0.1:7999" } }]);
    });

    it("[RG1] the same nonce registering again is the same registration", async () => {
      const first = registered(await register("a"));
      expect(registered(await register("a"))).toEqual(first);
    });

    it("[RG2] a name held by a live worker is refused with its host", async () => {
      await register("a", { info: { host: "first-host" } });
      const second = await register("a", { nonce: "another", info: { host: "second-host" } });
      expect(second).toMatchObject({ type: "name-taken", heldByHost: "first-host" });
      const expiresInMs = second.type === "name-taken" ? second.expiresInMs : 0;
      expect(expiresInMs).toBeGreaterThan(LONG_MS / 2);
      expect(expiresInMs).toBeLessThanOrEqual(LONG_MS);
    });

    it("[RG3] an overdue name is free, and its new holder has a higher generation", async () => {
      const first = registered(await register("a", { ttlMs: SHORT_MS }));
      await untilOverdue("a");
      const second = registered(await register("a", { nonce: "another" }));
      expect(second.generation).toBeGreaterThan(first.generation);
      expect(await registry.beat(first, { ttlMs: LONG_MS, stats: STATS })).toEqual({ type: "stale" });
    });

    it("[RG3] an unregistered name is free, and its new holder has a higher generation", async () => {
      const first = registered(await register("a"));
      await registry.unregister(first);
      expect(registered(await register("a")).generation).toBeGreaterThan(first.generation);
    });

    it("[RG4] a heartbeat is ok for the holder, unknown for a lost worker", async () => {
      const registration = registered(await register("a"));
      expect(await registry.beat(registration, { ttlMs: LONG_MS, stats: STATS })).toEqual({
        type: "ok",
        desiredState: "ready",
      });
      await registry.unregister(registration);
      expect(await registry.beat(registration, { ttlMs: LONG_MS, stats: STATS })).toEqual({ type: "unknown" });
    });

    it("[RG5] an overdue worker gets no lease until its next heartbeat", async () => {
      const registration = registered(await register("a", { ttlMs: SHORT_MS }));
      await untilOverdue("a");
      expect(await lease("r1")).toEqual({ type: "none", reason: "no-worker" });
      expect(await registry.beat(registration, { ttlMs: LONG_MS, stats: STATS })).toMatchObject({ type: "ok" });
      expect(granted(await lease("r2")).worker.name).toBe("a");
    });

    it("[RG6] a draining worker keeps its leases and gets no new one", async () => {
      const registration = registered(await register("a"));
      const held = granted(await lease("r1"));
      expect(await registry.setDesiredState("a", "draining")).toBe("ok");
      expect(await registry.beat(registration, { ttlMs: LONG_MS, stats: STATS })).toEqual({
        type: "ok",
        desiredState: "draining",
      });
      expect(await lease("r2")).toEqual({ type: "none", reason: "no-worker" });
      expect(await registry.renew(held)).toBe("ok");
      expect(await registry.release(held)).toBe("ok");
      expect(await lease("r3")).toEqual({ type: "none", reason: "no-worker" });
      expect(await registry.setDesiredState("a", "ready")).toBe("ok");
      expect(granted(await lease("r4")).worker.name).toBe("a");
    });

    it("[RG6] a worker that registers as draining gets no lease until it is to serve again", async () => {
      registered(await register("a", { state: "draining" }));
      expect(await find("a")).toMatchObject({ state: "draining" });
      expect(await lease("r1")).toEqual({ type: "none", reason: "no-worker" });
      registered(await register("a", { state: "ready" }));
      expect(await find("a")).toMatchObject({ state: "draining" });
      expect(await registry.setDesiredState("a", "ready")).toBe("ok");
      expect(granted(await lease("r2")).worker.name).toBe("a");
    });

    it("[RG6] nobody by that name can be drained", async () => {
      expect(await registry.setDesiredState("nobody", "draining")).toBe("unknown");
    });

    it("[RG7] unregistering drops the worker's leases", async () => {
      const registration = registered(await register("a"));
      const held = granted(await lease("r1"));
      await registry.unregister(registration);
      expect(await registry.renew(held)).toBe("gone");
      expect(await registry.list()).toEqual([]);
      await register("b");
      expect(granted(await lease("r1")).worker.name).toBe("b");
    });

    it("[RG7] a stale registration unregisters nobody", async () => {
      const first = registered(await register("a", { ttlMs: SHORT_MS }));
      await untilOverdue("a");
      const second = registered(await register("a", { nonce: "another" }));
      await registry.unregister(first);
      expect(await registry.beat(second, { ttlMs: LONG_MS, stats: STATS })).toMatchObject({ type: "ok" });
    });

    it("[RG8] the list has every worker by name, with slots in use, statistics and heartbeat age", async () => {
      const names = Array.from({ length: 230 }, (_, index) => `worker-${String(index).padStart(3, "0")}`);
      const registrations = await Promise.all(
        names.toReversed().map(async (name) => registered(await register(name, { capacity: 3 }))),
      );
      const last = registrations[0];
      if (last === undefined) return expect.fail("nothing registered");
      await registry.beat(last, {
        ttlMs: LONG_MS,
        stats: { inUse: 1, queueMs: 12.5, ttfaMs: 80, realTimeFactor: 0.25 },
      });
      await Promise.all(names.map((name) => lease(`request-${name}`)));
      const workers = await registry.list();
      expect(workers.map((worker) => worker.name)).toEqual(names);
      expect(
        workers.every(
          (worker) => worker.inUse === 1 && worker.isLive && worker.state === "ready" && worker.capacity === 3,
        ),
      ).toBe(true);
      expect(workers.at(-1)).toMatchObject({
        info: testWorkerInfo(last.name),
        generation: last.generation,
        stats: { inUse: 1, queueMs: 12.5, ttfaMs: 80, realTimeFactor: 0.25 },
      });
      expect(workers[0]?.stats).toBeUndefined();
      await subject.passTime(60);
      const [aged] = await registry.list();
      expect(aged?.heartbeatAgeMs).toBeGreaterThanOrEqual(50);
      expect(aged?.heartbeatAgeMs).toBeLessThan(LONG_MS);
    });

    it.each([
      ["with a control character", "a\u0007"],
      ["with a line break", "a\nb"],
      ["without a character", ""],
      ["of 10 kB", "a".repeat(10_000)],
    ])("[RG9] a name %s is refused", async (_how, name) => {
      // Through a channel the message that says it breaks the schema.
      const code = /^bad-(config|message)$/;
      await expect(register(name)).rejects.toMatchObject({ code: expect.stringMatching(code) });
      expect(await registry.list()).toEqual([]);
    });

    it("[RG10] leases spread to the lowest load", async () => {
      await register("small", { capacity: 1 });
      await register("large", { capacity: 3 });
      const workers = [];
      for (let index = 0; index < 4; index += 1) workers.push(granted(await lease(`r${index}`)).worker.name);
      expect(workers.slice(0, 2).toSorted()).toEqual(["large", "small"]);
      expect(workers.slice(2)).toEqual(["large", "large"]);
    });

    it("[RG10] only a worker with the voice gets the lease", async () => {
      await register("a", { info: { voices: ["slt"] } });
      await register("b", { info: { voices: ["awb", "slt"] } });
      expect(granted(await lease("r1", { voice: "awb" })).worker.name).toBe("b");
      // b is loaded now, so the other voice goes to the idle one.
      expect(granted(await lease("r2", { voice: "slt" })).worker.name).toBe("a");
      expect(await lease("r3", { voice: "kal16" })).toEqual({ type: "none", reason: "no-worker" });
    });

    it("[RG17] the first preferred worker with a free slot gets the lease, then the lowest load", async () => {
      await register("a", { capacity: 4 });
      await register("b", { capacity: 1 });
      await register("c", { capacity: 4 });
      const preferred = ["gone", "b", "c"];
      const workers: string[] = [];
      for (let index = 0; index < 6; index += 1) {
        const outcome = await registry.lease({ requestId: `r${index}`, voice: "tone", ttlMs: LONG_MS, preferred });
        workers.push(granted(outcome).worker.name);
      }
      expect(workers).toEqual(["b", "c", "c", "c", "c", "a"]);
    });

    it("[RG17] a preferred worker that drains or lacks the voice is passed over", async () => {
      await register("a");
      await register("b");
      await register("c", { info: { voices: ["awb"] } });
      await registry.setDesiredState("b", "draining");
      const outcome = await registry.lease({ requestId: "r", voice: "tone", ttlMs: LONG_MS, preferred: ["c", "b"] });
      expect(granted(outcome).worker.name).toBe("a");
    });

    it("[RG18] an excluded worker is never leased, not even as the only one", async () => {
      await register("a");
      await register("b");
      const exclude = ["a"];
      const only = { voice: "tone", ttlMs: LONG_MS, preferred: ["a"], exclude };
      expect(granted(await registry.lease({ requestId: "r1", ...only })).worker.name).toBe("b");
      const none = await registry.lease({ requestId: "r2", ...only, exclude: ["a", "b"] });
      expect(none).toEqual({ type: "none", reason: "no-worker" });
    });

    it("[RG11] 200 requests at once on 40 slots get exactly 40 leases, none above a worker's capacity", async () => {
      await Promise.all(Array.from({ length: 10 }, (_, index) => register(`w${index}`, { capacity: 4 })));
      const outcomes = await Promise.all(Array.from({ length: 200 }, (_, index) => lease(`r${index}`)));
      const leases = outcomes.filter((outcome) => outcome.type === "granted");
      expect(leases).toHaveLength(40);
      expect(
        outcomes.filter((outcome) => outcome.type === "none" && outcome.reason === "worker-at-capacity"),
      ).toHaveLength(160);
      expect((await registry.list()).map((worker) => worker.inUse)).toEqual(Array.from({ length: 10 }, () => 4));
      expect(new Set(leases.map(({ lease: one }) => one.fencingToken)).size).toBe(40);
    });

    it("[RG12] the same request id gets the same lease and takes one slot", async () => {
      await register("a");
      const first = granted(await lease("r1"));
      const again = await Promise.all([lease("r1"), lease("r1")]);
      expect(again.map(granted)).toEqual([first, first]);
      expect((await find("a"))?.inUse).toBe(1);
    });

    it("[RG13] an expired lease frees its slot and is gone", async () => {
      await register("a", { capacity: 1 });
      const short = granted(await lease("r1", { ttlMs: SHORT_MS }));
      expect(await lease("r2")).toEqual({ type: "none", reason: "worker-at-capacity" });
      await until(async () => (await lease("r2")).type === "granted");
      expect(await registry.renew(short)).toBe("gone");
      expect((await find("a"))?.inUse).toBe(1);
    });

    it("[RG13] a renewed lease outlives its first expiry", async () => {
      await register("a", { capacity: 1 });
      const held = granted(await lease("kept", { ttlMs: SHORT_MS * 2 }));
      await register("b", { capacity: 1, info: { voices: ["other"] } });
      const reference = granted(await lease("reference", { voice: "other", ttlMs: SHORT_MS * 2 }));
      await subject.passTime(SHORT_MS);
      expect(await registry.renew(held)).toBe("ok");
      await until(async () => (await registry.list()).find((worker) => worker.name === "b")?.inUse === 0);
      expect(await registry.renew(held)).toBe("ok");
      expect(await registry.release(reference)).toBe("gone");
    });

    it("[RG14] fencing tokens grow with every grant", async () => {
      await register("a", { capacity: 50 });
      const tokens: number[] = [];
      for (let index = 0; index < 20; index += 1) tokens.push(granted(await lease(`r${index}`)).fencingToken);
      expect(tokens).toEqual([...new Set(tokens)].toSorted((a, b) => a - b));
      expect(tokens.every(Number.isSafeInteger)).toBe(true);
    });

    if (options.canLoseData === true)
      it("[RG14] [RG22] after a loss of all data workers are unknown, register again, and tokens still grow", async () => {
        const before = registered(await register("a"));
        const held = granted(await lease("r1"));
        await subject.loseData?.();
        expect(await registry.beat(before, { ttlMs: LONG_MS, stats: STATS })).toEqual({ type: "unknown" });
        expect(await registry.renew(held)).toBe("gone");
        expect(registered(await register("a")).generation).toBeGreaterThan(held.fencingToken);
        expect(granted(await lease("r1")).fencingToken).toBeGreaterThan(held.fencingToken);
      });

    it("[RG15] another token is stale and changes nothing; no such lease is gone", async () => {
      await register("a", { capacity: 1 });
      const held = granted(await lease("r1"));
      const forged: Lease = { ...held, fencingToken: held.fencingToken - 1 };
      expect(await registry.renew(forged)).toBe("stale");
      expect(await registry.release(forged)).toBe("stale");
      expect((await find("a"))?.inUse).toBe(1);
      expect(await registry.release(held)).toBe("ok");
      expect(await registry.release(held)).toBe("gone");
      expect(await registry.renew(held)).toBe("gone");
      expect((await find("a"))?.inUse).toBe(0);
    });

    it("[RG15] a released slot can be leased again", async () => {
      await register("a", { capacity: 1 });
      const first = granted(await lease("r1"));
      await registry.release(first);
      const second = granted(await lease("r1"));
      expect(second.fencingToken).toBeGreaterThan(first.fencingToken);
      expect(await registry.release(first)).toBe("stale");
    });

    it("[RG16] no worker and no free slot are told apart", async () => {
      expect(await lease("r1")).toEqual({ type: "none", reason: "no-worker" });
      await register("a", { capacity: 1 });
      granted(await lease("r2"));
      expect(await lease("r3")).toEqual({ type: "none", reason: "worker-at-capacity" });
    });
  });
}

export function testWorkerInfo(name: string, changes: Partial<WorkerInfo> = {}): WorkerInfo {
  return {
    name,
    address: "127.0.0.1:7001",
    host: "test-host",
    device: "cpu",
    protocolVersion: 1,
    languages: ["en"],
    voices: ["tone"],
    residentVoices: ["tone"],
    startedAt: "2026-03-02T10:15:00.000Z",
    ...changes,
  };
}

function registered(outcome: RegisterOutcome): Registration {
  if (outcome.type !== "registered") return expect.fail(`expected a registration, got ${outcome.type}`);
  return outcome.registration;
}

function granted(outcome: LeaseOutcome): Lease {
  if (outcome.type !== "granted") return expect.fail(`expected a lease, got ${outcome.type}: ${outcome.reason}`);
  return outcome.lease;
}

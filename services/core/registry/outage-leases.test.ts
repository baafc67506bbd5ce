import { beforeEach, expect, it } from "vitest";
import { AppError } from "#contracts/errors";
import { silentLogger } from "#core/ports/logger";
import type { LeaseOutcome, WorkerRegistry, WorkerSnapshot } from "#core/ports/worker-registry";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { FakeClock } from "#testing/fake-clock";
import { testWorkerInfo } from "#testing/worker-registry.contract";
import { leaseThroughOutages } from "./outage-leases";

let clock: FakeClock;
let inner: WorkerRegistry;
let known: WorkerSnapshot[];
let isSettled: boolean;
let look: () => Promise<void>;
let ownCount: number;
let registry: WorkerRegistry;

beforeEach(async () => {
  clock = new FakeClock();
  inner = createMemoryRegistry({ clock });
  for (const name of ["a", "b"])
    await inner.register({ info: testWorkerInfo(name), nonce: "n", capacity: 2, ttlMs: 6_000 });
  known = await inner.list();
  isSettled = true;
  look = () => Promise.resolve();
  ownCount = 0;
  registry = leaseThroughOutages(inner, {
    clock,
    log: silentLogger,
    workers: () => known,
    isSettled: () => isSettled,
    look: () => look(),
    onOwnLease: () => void (ownCount += 1),
  });
});

const request = (requestId: string, more: { preferred?: string[]; exclude?: string[] } = {}) =>
  registry.lease({ requestId, voice: "tone", ttlMs: 6_000, ...more });
const granted = (outcome: LeaseOutcome) =>
  outcome.type === "granted" ? outcome.lease : expect.fail(`not granted: ${outcome.reason}`);
const failWith = (code: ConstructorParameters<typeof AppError>[0]): void => {
  inner.lease = () => Promise.reject(new AppError(code));
};

it("a registry that answers decides alone", async () => {
  const lease = granted(await request("r", { preferred: ["b"] }));
  expect([lease.worker.name, ownCount]).toEqual(["b", 0]);
  expect(await registry.renew(lease)).toBe("ok");
  expect(await registry.release(lease)).toBe("ok");
  expect((await inner.list()).map(({ inUse }) => inUse)).toEqual([0, 0]);
});

it.each(["registry-unavailable", "redis-auth-failed", "redis-full", "redis-read-only"] as const)(
  "[RG60] %s: the router's choice among the last known workers is leased here",
  async (code) => {
    failWith(code);
    expect(granted(await request("r", { preferred: ["gone", "b"] })).worker.name).toBe("b");
    expect(granted(await request("s", { preferred: ["b"], exclude: ["b"] })).worker.name).toBe("a");
    expect(ownCount).toBe(2);
  },
);

it("[RG60] without a worker that could speak the registry's own error stands", async () => {
  failWith("registry-unavailable");
  known = known.map((worker) => ({ ...worker, state: "draining" }));
  await expect(request("r")).rejects.toMatchObject({ code: "registry-unavailable" });
});

it("[RG61] tokens granted here grow from the highest one seen, and the registry is not asked about them", async () => {
  const before = granted(await request("before"));
  failWith("registry-unavailable");
  const first = granted(await request("r1"));
  const second = granted(await request("r2"));
  expect(first.fencingToken).toBeGreaterThan(before.fencingToken);
  expect(second.fencingToken).toBeGreaterThan(first.fencingToken);
  inner.renew = inner.release = () => Promise.reject(new AppError("registry-unavailable"));
  expect(await registry.renew(first)).toBe("ok");
  expect(await registry.release(first)).toBe("ok");
  await expect(registry.renew(before)).rejects.toMatchObject({ code: "registry-unavailable" });
});

it("[RG60] a registry that does not answer for 300 ms is not waited for, and a lease that comes late is given back", async () => {
  const { lease } = inner;
  inner.lease = async (asked) => {
    await new Promise<void>((resolve) => void clock.setTimer(1_000, resolve));
    return lease.call(inner, asked);
  };
  const asked = request("r");
  clock.advanceMs(299);
  expect(await Promise.race([asked, Promise.resolve("waiting")])).toBe("waiting");
  clock.advanceMs(1);
  granted(await asked);
  clock.advanceMs(700);
  await new Promise((resolve) => setImmediate(resolve));
  expect((await inner.list()).map(({ inUse }) => inUse)).toEqual([0, 0]);
});

it("[RG62] no worker at a registry that may not know all of them yet: one that was known is leased here", async () => {
  for (const { name, generation } of known) await inner.unregister({ name, generation });
  expect(await request("r")).toEqual({ type: "none", reason: "no-worker" });
  isSettled = false;
  granted(await request("r"));
});

it("[RG62] no worker although some are known: what the list says decides, and one that does not come is doubted", async () => {
  for (const { name, generation } of known) await inner.unregister({ name, generation });
  const before = known;
  // The loss of the data is seen only now.
  look = () => Promise.resolve(void (isSettled = false));
  granted(await request("lost"));
  isSettled = true;
  look = () => new Promise(() => undefined);
  const asked = request("silent");
  await new Promise((resolve) => setImmediate(resolve));
  clock.advanceMs(300);
  granted(await asked);
  look = async () => void (known = await inner.list());
  expect(await request("gone")).toEqual({ type: "none", reason: "no-worker" });
  expect([before.length, known.length]).toEqual([2, 0]);
});

it("[RG62] all slots taken is the registry's word, and stands", async () => {
  isSettled = false;
  for (let index = 0; index < 4; index += 1) granted(await request(`r${index}`));
  expect(await request("r4")).toEqual({ type: "none", reason: "worker-at-capacity" });
});

it("[RG61] a lease granted here that was abandoned is forgotten, one that is renewed is not", async () => {
  failWith("registry-unavailable");
  const [abandoned, kept] = [granted(await request("r1")), granted(await request("r2"))];
  clock.advanceMs(5_000);
  expect(await registry.renew(kept)).toBe("ok");
  clock.advanceMs(2_000);
  await request("r3");
  expect(await registry.renew(kept)).toBe("ok");
  expect(await registry.renew(abandoned)).toBe("gone");
});

import { expect, it } from "vitest";
import { FakeClock } from "#testing/fake-clock";
import { describeWorkerRegistryContract, testWorkerInfo } from "#testing/worker-registry.contract";
import { createMemoryRegistry } from "./memory-registry";

describeWorkerRegistryContract("memory", async () => {
  const clock = new FakeClock();
  const registry = createMemoryRegistry({ clock });
  return {
    registry,
    passTime: async (durationMs) => clock.advanceMs(durationMs),
    close: () => registry.close(),
  };
});

it("[RG5] a worker overdue for 60 s is forgotten with its leases", async () => {
  const clock = new FakeClock();
  const registry = createMemoryRegistry({ clock });
  await registry.register({ info: testWorkerInfo("a"), nonce: "n", capacity: 1, ttlMs: 6_000 });
  clock.advanceMs(65_999);
  expect(await registry.list()).toHaveLength(1);
  clock.advanceMs(1);
  expect(await registry.list()).toEqual([]);
});

it("[RG14] fencing tokens grow across restarts of the process", async () => {
  const grant = async (clock: FakeClock): Promise<number> => {
    const registry = createMemoryRegistry({ clock });
    await registry.register({ info: testWorkerInfo("a"), nonce: "n", capacity: 1, ttlMs: 6_000 });
    const outcome = await registry.lease({ requestId: "r", voice: "tone", ttlMs: 6_000 });
    return outcome.type === "granted" ? outcome.lease.fencingToken : Number.NaN;
  };
  const first = await grant(new FakeClock({ wallTime: new Date("2026-03-02T10:15:00Z") }));
  const second = await grant(new FakeClock({ wallTime: new Date("2026-03-02T10:15:01Z") }));
  expect(second).toBeGreaterThan(first);
});

it("[RG44] its origin says that workers on other machines cannot join", () => {
  expect(createMemoryRegistry({ clock: new FakeClock() }).origin).toMatchObject({
    source: "in-process",
    banner: expect.stringContaining("cannot join"),
  });
});

import { expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import type { DesiredState } from "#core/ports/worker-registry";
import { silentLogger } from "#core/ports/logger";
import { FakeClock } from "#testing/fake-clock";
import { workerInfo } from "#testing/worker-snapshot";
import { RegistrationKeeper } from "./registration-keeper";

it("[RG6] a worker goes on draining where the registry has lost it, and where it moves to", async () => {
  const clock = new FakeClock();
  const registry = createMemoryRegistry({ clock });
  let state: DesiredState = "ready";
  const keeper = new RegistrationKeeper({
    registry,
    clock,
    random: () => 0.5,
    log: silentLogger,
    info: workerInfo("a", "tone"),
    nonce: "n",
    capacity: 2,
    heartbeatMs: 2_000,
    ttlMs: 6_000,
    stats: () => ({ inUse: 0, queueMs: 0 }),
    desiredState: () => state,
    onDesiredState: (next) => (state = next === "draining" ? "draining" : "ready"),
    onNameLost: (error) => expect.fail(error.message),
  });
  const beat = async (): Promise<void> => {
    clock.advanceMs(2_200);
    await new Promise((resolve) => setImmediate(resolve));
  };
  await keeper.start();
  await registry.setDesiredState("a", "draining");
  await beat();
  expect(state).toBe("draining");
  const generation = (await registry.list())[0]?.generation ?? 0;
  await registry.unregister({ name: "a", generation });
  await beat();
  await beat();
  expect(await registry.list()).toMatchObject([{ name: "a", state: "draining" }]);
  expect(state).toBe("draining");
  const next = createMemoryRegistry({ clock });
  await (await keeper.prepareMove(next)).commit();
  expect(await next.list()).toMatchObject([{ name: "a", state: "draining" }]);
  await keeper.stop();
});

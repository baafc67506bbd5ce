import { expect, test } from "vitest";
import { AdminClient } from "#core/client/admin-client";
import { FakeAdmin } from "#testing/fake-admin";
import { FakeClock } from "#testing/fake-clock";
import { FleetStore } from "./fleet-store";

async function openStore(): Promise<{ fake: FakeAdmin; store: FleetStore; leave: () => void }> {
  const fake = new FakeAdmin();
  const admin = new AdminClient({ connect: fake.connect, clock: new FakeClock() });
  admin.start();
  let nowMs = 0;
  const store = new FleetStore(admin, () => (nowMs += 2000));
  const leave = store.subscribe(() => undefined);
  await expect.poll(() => store.getView().fleet?.workers.length).toBe(3);
  return { fake, store, leave };
}

const stateOf = (store: FleetStore, name: string): string | undefined =>
  store.getView().fleet?.workers.find((worker) => worker.name === name)?.state;

test("draining shows as under way until a snapshot has it, and can be taken back", async () => {
  const { store } = await openStore();
  const draining = store.change("worker-1", "drain");
  expect(store.getView().pending.get("worker-1")).toBe("drain");
  await draining;
  await expect.poll(() => store.getView().pending.size).toBe(0);
  expect(stateOf(store, "worker-1")).toBe("draining");
  store.getView().notice?.undo?.();
  await expect.poll(() => stateOf(store, "worker-1")).toBe("ready");
});

test("a refused drain is told and offered again", async () => {
  const { fake, store } = await openStore();
  fake.failNext("worker-drain", "registry-unavailable");
  await store.change("worker-1", "drain");
  expect(store.getView().problem?.message).toContain("registry cannot be reached");
  expect(store.getView().pending.size).toBe(0);
});

test("a change that no snapshot ever shows is offered again", async () => {
  const { fake, store } = await openStore();
  const { fleet } = fake;
  await store.change("worker-1", "drain");
  for (let i = 0; i < 5; i += 1) {
    fake.fleet = fleet;
    fake.push();
  }
  await expect.poll(() => store.getView().pending.size).toBe(0);
});

test("the charts' history outlasts a visit to another screen", async () => {
  const { fake, store, leave } = await openStore();
  const before = store.getView().history.samples.length;
  leave();
  store.subscribe(() => undefined);
  fake.push();
  await expect.poll(() => store.getView().history.samples.length).toBeGreaterThan(before);
});

import { describe, expect, it } from "vitest";
import { FakeAdmin, fakeWorkers } from "#testing/fake-admin";
import { FakeClock } from "#testing/fake-clock";
import { createFakeConnector } from "#testing/fake-transport";
import { AdminClient, type AdminSnapshot } from "./admin-client";

/** Everything that waits in microtasks. */
async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) await Promise.resolve();
}

function createWorld(options: ConstructorParameters<typeof FakeAdmin>[0] = {}) {
  const clock = new FakeClock();
  const admin = new FakeAdmin(options);
  const client = new AdminClient({ connect: admin.connect, clock });
  return { clock, admin, client };
}

describe("AdminClient", () => {
  it("answers a call that was made before the connection was open", async () => {
    const { client } = createWorld();
    client.start();
    await expect(client.call("redis-test", { url: "redis://127.0.0.1" })).resolves.toMatchObject({ version: "7.0.15" });
  });

  it("shows a new watcher the last snapshot at once and pushes what follows", async () => {
    const { client, admin } = createWorld({ workerCount: 1_000 });
    client.start();
    const first: AdminSnapshot[] = [];
    client.watch(["fleet"], (snapshot) => first.push(snapshot));
    await settle();
    expect(first[0]).toMatchObject({ type: "fleet", fleet: { workers: { length: 1_000 } } });
    const second: AdminSnapshot[] = [];
    client.watch(["fleet"], (snapshot) => second.push(snapshot));
    expect(second).toHaveLength(1);
    admin.fleet = { workers: fakeWorkers(2), speakingWorkers: [] };
    admin.push();
    await settle();
    expect(second[1]).toMatchObject({ fleet: { workers: { length: 2 } } });
  });

  it("watches nothing any more when the last watcher has gone", async () => {
    const { client, admin } = createWorld();
    client.start();
    let count = 0;
    const watching = client.watch(["redis"], () => count++);
    await settle();
    watching.dispose();
    admin.push();
    await settle();
    expect(count).toBe(1);
  });

  it("comes back after a drop, watches again, and fails the call that was under way", async () => {
    const clock = new FakeClock();
    const { connect, latest, connections } = createFakeConnector();
    const client = new AdminClient({ connect, clock });
    client.start({ token: "secret" });
    client.watch(["fleet", "redis"], () => undefined);
    latest().open();
    latest().deliver('{"type":"admin-started"}');
    const call = client.call("settings-get", {});
    latest().drop();
    await expect(call).rejects.toMatchObject({ code: "connect-failed" });
    expect(client.connection).toMatchObject({ type: "reconnecting", attempt: 1 });
    clock.advanceMs(250);
    latest().open();
    latest().deliver('{"type":"admin-started"}');
    expect(connections).toHaveLength(2);
    expect(latest().sentText).toEqual([
      { type: "admin-start", token: "secret" },
      { type: "watch", topics: ["fleet", "redis"] },
    ]);
    expect(client.connection.type).toBe("open");
  });

  it("ends for good when the token is refused", async () => {
    const { client } = createWorld({ token: "right" });
    client.start({ token: "wrong" });
    const call = client.call("settings-get", {});
    await expect(call).rejects.toMatchObject({ code: "unauthorized" });
    expect(client.connection).toMatchObject({ type: "ended", error: { code: "unauthorized" } });
  });

  it("tells the code by which a call was refused", async () => {
    const { client, admin } = createWorld();
    client.start();
    admin.failNext("redis-test", "redis-auth-failed");
    await expect(client.call("redis-test", { url: "redis://a" })).rejects.toMatchObject({ code: "redis-auth-failed" });
    await expect(client.call("worker-drain", { name: "nobody" })).rejects.toMatchObject({ code: "unknown-worker" });
  });

  it("gives up a call without a connection after 5 s and leaves no timer after close", async () => {
    const clock = new FakeClock();
    const client = new AdminClient({ connect: createFakeConnector().connect, clock });
    client.start();
    const call = client.call("settings-get", {});
    clock.advanceMs(5_000);
    await expect(call).rejects.toMatchObject({ code: "connect-failed" });
    client.close();
    expect(clock.pendingCount).toBe(0);
    await expect(client.call("settings-get", {})).rejects.toMatchObject({ code: "cancelled" });
  });

  it("leaves out messages that it does not know", () => {
    const { connect, latest } = createFakeConnector();
    const client = new AdminClient({ connect, clock: new FakeClock() });
    client.start();
    latest().open();
    latest().deliver("not json");
    latest().deliver('{"type":"of-the-future"}');
    latest().deliver(new Uint8Array(3));
    latest().deliver('{"type":"admin-started"}');
    expect(client.connection.type).toBe("open");
  });
});

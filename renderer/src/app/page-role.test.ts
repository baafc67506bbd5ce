import { expect, test } from "vitest";
import { AdminClient } from "#core/client/admin-client";
import { FakeAdmin } from "#testing/fake-admin";
import { FakeClock } from "#testing/fake-clock";
import { PageRoleStore } from "./page-role";

const settle = () => new Promise((resolve) => setImmediate(resolve));

async function open(admin: FakeAdmin, launch?: () => Promise<{ isFirstRun: boolean; isWorkerOnly: boolean }>) {
  const clock = new FakeClock();
  const client = new AdminClient({ connect: admin.connect, clock });
  const roles = new PageRoleStore({ admin: client, ...(launch === undefined ? {} : { launch }) });
  roles.start();
  const begin = async (token?: string) => {
    client.start(token === undefined ? {} : { token });
    await settle();
  };
  const comeBack = async () => {
    admin.dropConnections();
    await settle();
    clock.advanceMs(5_000);
    await settle();
  };
  return { roles, begin, comeBack };
}

test("who was here before meets the conversation", async () => {
  const { roles, begin } = await open(new FakeAdmin());
  expect(roles.getRole()).toBe("asking");
  await begin();
  expect(roles.getRole()).toBe("conversation");
});

test("the first run is shown once, stays while it is looked at, and can be shown again", async () => {
  const admin = new FakeAdmin();
  admin.settings = { ...admin.settings, isFirstRun: true };
  const { roles, begin, comeBack } = await open(admin);
  await begin();
  expect(roles.getRole()).toBe("first-run");
  admin.settings = { ...admin.settings, isFirstRun: false };
  await comeBack();
  expect(roles.getRole()).toBe("first-run");
  roles.finishFirstRun();
  await settle();
  expect(roles.getRole()).toBe("conversation");
  expect(admin.calls.at(-1)).toEqual({ name: "settings-set", request: {} });
  roles.showFirstRun();
  expect(roles.getRole()).toBe("first-run");
});

test("another mode shows when the link comes back", async () => {
  const admin = new FakeAdmin();
  const { roles, begin, comeBack } = await open(admin);
  await begin();
  admin.settings = { ...admin.settings, isWorkerOnly: true };
  await comeBack();
  expect(roles.getRole()).toBe("worker");
  admin.settings = { ...admin.settings, isWorkerOnly: false };
  await comeBack();
  expect(roles.getRole()).toBe("conversation");
});

test("where nobody answers there is the conversation, which says what is wrong", async () => {
  const { roles, begin } = await open(new FakeAdmin({ token: "right" }));
  await begin("wrong");
  expect(roles.getRole()).toBe("conversation");
});

test("the window knows before its services run", async () => {
  const { roles } = await open(new FakeAdmin(), async () => ({ isFirstRun: false, isWorkerOnly: true }));
  await settle();
  expect(roles.getRole()).toBe("worker");
});

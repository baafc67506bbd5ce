import { expect, test } from "vitest";
import type { KeptConversation } from "#contracts/protocol/admin";
import { AdminClient } from "#core/client/admin-client";
import { FakeAdmin } from "#testing/fake-admin";
import { FakeClock } from "#testing/fake-clock";
import { HistoryStore } from "./history-store";

async function openStore(): Promise<{ fake: FakeAdmin; store: HistoryStore; first: KeptConversation }> {
  const fake = new FakeAdmin();
  const admin = new AdminClient({ connect: fake.connect, clock: new FakeClock() });
  admin.start();
  const store = new HistoryStore(admin);
  await store.load();
  const first = store.getView().list?.[0];
  if (first === undefined) throw new Error("the fake keeps conversations");
  return { fake, store, first };
}

const ids = (store: HistoryStore): string[] | undefined => store.getView().list?.map(({ id }) => id);

test("a deleted conversation is hidden at once and gone for good when the moment has passed", async () => {
  const { fake, store, first } = await openStore();
  await store.remove(first);
  expect(ids(store)).toEqual(["session-a"]);
  expect(fake.conversations).toHaveLength(2);
  await store.finishRemoval();
  expect(fake.conversations.map(({ id }) => id)).toEqual(["session-a"]);
});

test("undo brings it back and nothing is deleted", async () => {
  const { fake, store, first } = await openStore();
  await store.remove(first);
  store.getView().notice?.undo?.();
  await store.finishRemoval();
  expect(ids(store)).toEqual(["session-b", "session-a"]);
  expect(fake.calls.map(({ name }) => name)).not.toContain("conversation-delete");
});

test("deleting another one finishes the first", async () => {
  const { fake, store, first } = await openStore();
  await store.remove(first);
  const second = store.getView().list?.[0];
  if (second !== undefined) await store.remove(second);
  expect(fake.conversations.map(({ id }) => id)).toEqual(["session-a"]);
  expect(ids(store)).toEqual([]);
});

test("a search does not bring back what is being deleted", async () => {
  const { store, first } = await openStore();
  await store.remove(first);
  await store.search("capital");
  expect(ids(store)).toEqual([]);
});

test("a delete that fails is told, and the conversation is there again", async () => {
  const { fake, store, first } = await openStore();
  fake.failNext("conversation-delete", "file-unreadable");
  await store.remove(first);
  await store.finishRemoval();
  expect(ids(store)).toContain("session-b");
  expect(store.getView().problem?.message).toContain("cannot be read or written");
});

test("the answer to an earlier search does not replace that to a later one", async () => {
  const { store } = await openStore();
  const early = store.search("february");
  await Promise.all([early, store.search("capital")]);
  expect(ids(store)).toEqual(["session-b"]);
});

test("opening another conversation drops the one that comes late", async () => {
  const { store } = await openStore();
  await Promise.all([store.select("session-a"), store.select("session-b")]);
  expect(store.getView().selected?.id).toBe("session-b");
});

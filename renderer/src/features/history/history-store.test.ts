import { expect, test } from "vitest";
import type { KeptConversation } from "#contracts/recording/kept-conversation";
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

const titles = (store: HistoryStore): string[] | undefined => store.getView().list?.map(({ title }) => title);
const CAPITAL = "What is the capital of France?";
const FEBRUARY = "How many days has February?";

test("a deleted conversation is gone at once, and undo brings it back", async () => {
  const { fake, store, first } = await openStore();
  await store.select(first.id);
  await store.remove(first);
  expect(titles(store)).toEqual([FEBRUARY]);
  expect(store.getView().selected).toBeUndefined();
  expect(fake.conversations).toHaveLength(1);
  store.getView().notice?.undo?.();
  await expect.poll(() => titles(store)).toEqual([CAPITAL, FEBRUARY]);
  expect(store.getView().notice).toBeUndefined();
});

test("a delete that is refused is told, and the conversation stays", async () => {
  const { fake, store, first } = await openStore();
  fake.failNext("conversation-delete", "recording-running");
  await store.remove(first);
  expect(titles(store)).toContain(CAPITAL);
  expect(store.getView().problem?.message).toContain("still being recorded");
});

test("the answer to an earlier search does not replace that to a later one", async () => {
  const { store } = await openStore();
  const early = store.search("february");
  await Promise.all([early, store.search("capital")]);
  expect(titles(store)).toEqual([CAPITAL]);
});

test("opening another conversation drops the one that comes late", async () => {
  const { store, first } = await openStore();
  const second = store.getView().list?.[1]?.id ?? "";
  await Promise.all([store.select(first.id), store.select(second)]);
  expect(store.getView().selected?.id).toBe(second);
});

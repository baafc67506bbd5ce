import { expect, test } from "vitest";
import { AdminClient } from "#core/client/admin-client";
import { FakeAdmin } from "#testing/fake-admin";
import { FakeClock } from "#testing/fake-clock";
import { SettingsStore } from "./settings-store";

async function openStore(): Promise<{ fake: FakeAdmin; store: SettingsStore }> {
  const fake = new FakeAdmin();
  const admin = new AdminClient({ connect: fake.connect, clock: new FakeClock() });
  admin.start();
  const store = new SettingsStore(admin);
  await store.load();
  return { fake, store };
}

test("a change is saved at once and can be taken back", async () => {
  const { fake, store } = await openStore();
  await store.save({ field: "turn", patch: { turnPreset: "patient" }, words: "Saved." });
  expect(fake.settings.settings.turnPreset).toBe("patient");
  expect(store.getState().notice?.words).toBe("Saved.");
  store.getState().notice?.undo?.();
  await expect.poll(() => fake.settings.settings.turnPreset).toBe("balanced");
});

test("taking back touches only what was changed", async () => {
  const { fake, store } = await openStore();
  await store.save({ field: "voice", patch: { voice: "flite-kal" }, words: "Voice saved." });
  const undoVoice = store.getState().notice?.undo;
  await store.save({ field: "turn", patch: { turnPreset: "quick" }, words: "Taking turns saved." });
  undoVoice?.();
  await expect.poll(() => fake.settings.settings.voice).toBe("flite-slt");
  expect(fake.settings.settings.turnPreset).toBe("quick");
});

test("a key is saved without a way back, since it cannot be read", async () => {
  const { store } = await openStore();
  await store.save({ field: "key", patch: { brainApiKey: "secret" }, words: "Key saved." });
  expect(store.getState().notice).toMatchObject({ words: "Key saved." });
  expect(store.getState().notice?.undo).toBeUndefined();
  expect(store.getState().saved?.hasBrainApiKey).toBe(true);
});

test("a refused change shows beside its field until one is accepted, and what was saved stays shown", async () => {
  const { fake, store } = await openStore();
  fake.failNext("settings-set", "unknown-voice");
  await store.save({ field: "voice", patch: { voice: "nobody" }, words: "Saved." });
  expect(store.getState().problems.voice?.message).toContain("no such voice");
  expect(store.getState().saved?.settings.voice).toBe("flite-slt");
  expect(store.getState().notice).toBeUndefined();
  await store.save({ field: "voice", patch: { voice: "flite-kal" }, words: "Saved." });
  expect(store.getState().problems.voice).toBeUndefined();
});

test("settings that cannot be read are explained", async () => {
  const { fake, store } = await openStore();
  fake.failNext("settings-get", "file-unreadable");
  await store.load();
  expect(store.getState().loadProblem?.message).toContain("cannot be read");
});

import { expect, test } from "vitest";
import { DeviceStore } from "./device-store";
import { FakeMediaDevices } from "./fake-media-devices";

async function setUp(options: { devices?: FakeMediaDevices; storage?: Map<string, string> } = {}) {
  const devices = options.devices ?? new FakeMediaDevices();
  const kept = options.storage ?? new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  const store = new DeviceStore({ port: devices, storage });
  await store.refresh();
  return { devices, kept, store };
}
const ids = (store: DeviceStore) => store.candidates("speaker").map(({ id }) => id);

test("before the microphone is allowed there are no names and nothing to choose", async () => {
  const devices = new FakeMediaDevices();
  devices.isAllowed = false;
  const { store, kept } = await setUp({ devices });
  expect(store.getView()).toMatchObject({ hasNames: false, speakers: [], microphones: [] });
  expect(kept.size).toBe(0);
  devices.isAllowed = true;
  await store.refresh();
  expect(store.getView().hasNames).toBe(true);
});

test("the order is remembered for the next visit, even if another id comes then", async () => {
  const first = await setUp();
  first.store.prefer("speaker", "headset-out");
  const devices = new FakeMediaDevices();
  devices.rename("headset-out", "headset-new");
  const { store } = await setUp({ storage: first.kept, devices });
  expect(ids(store)).toEqual(["headset-new", "default", "laptop-out"]);
});

test("a device that comes back takes its old place", async () => {
  const { store, devices } = await setUp();
  store.prefer("speaker", "headset-out");
  const following = store.start();
  await devices.unplug("headset-out");
  expect(ids(store)).toEqual(["default", "laptop-out"]);
  expect(store.getView().speakers[0]).toMatchObject({ label: "Headset", isPresent: false });
  await devices.plugBack("headset-out");
  expect(ids(store)[0]).toBe("headset-out");
  following.dispose();
  expect(devices.listenerCount).toBe(0);
});

test("a choice is told only when the best changes and by the person, not by a plug", async () => {
  const { store, devices } = await setUp();
  const told: string[] = [];
  store.onChoice((kind) => void told.push(kind));
  store.start();
  await devices.unplug("headset-out");
  store.move("speaker", { id: "headset-out", step: 1 });
  expect(told).toEqual([]);
  store.prefer("speaker", "laptop-out");
  store.setProcessing({ noiseSuppression: false });
  expect(told).toEqual(["speaker", "microphone"]);
});

test("an absent device can be forgotten, a present one cannot", async () => {
  const { store, devices } = await setUp();
  await devices.unplug("headset-out");
  await store.refresh();
  store.forget("speaker", "headset-out");
  store.forget("speaker", "laptop-out");
  expect(store.getView().speakers.map(({ id }) => id)).toEqual(["default", "laptop-out"]);
});

test("how the voice is treated is remembered", async () => {
  const { store, kept } = await setUp();
  store.setProcessing({ autoGainControl: false });
  const next = await setUp({ storage: kept });
  expect(next.store.getView().processing).toEqual({
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: false,
  });
});

test("a damaged memory and a failing list are as a first visit", async () => {
  const devices = new FakeMediaDevices();
  devices.failure = new Error("no");
  const { store } = await setUp({ devices, storage: new Map([["parley-devices", "{"]]) });
  expect(store.getView()).toMatchObject({ microphones: [], processing: { echoCancellation: true } });
});

import { describe, expect, test } from "vitest";
import { moveDevice, preferDevice, rankDevices } from "./device-ranking";
import type { ListedDevice } from "./media-devices-port";

function listed(id: string, label: string, groupId = `group of ${id}`): ListedDevice {
  return { kind: "speaker", id, label, groupId };
}

const HEADSET = listed("h", "Headset");
const LAPTOP = listed("l", "Laptop");
const DEFAULT = listed("default", "Default - Laptop", LAPTOP.groupId);
const labels = (devices: readonly { label: string; isPresent: boolean }[]) =>
  devices.map(({ label, isPresent }) => (isPresent ? label : `${label}, gone`));

describe("rank", () => {
  test("the first time the system default comes first, then the rest as listed", () => {
    expect(labels(rankDevices([], [HEADSET, DEFAULT, LAPTOP]))).toEqual([
      "System default (Laptop)",
      "Headset",
      "Laptop",
    ]);
  });

  test("the remembered order holds, absent ones keep their place, new ones come last", () => {
    const remembered = [
      { id: "x", label: "Conference phone" },
      { id: "l", label: "Laptop" },
      { id: "h", label: "Headset" },
    ];
    expect(labels(rankDevices(remembered, [listed("n", "New"), HEADSET, LAPTOP]))).toEqual([
      "Conference phone, gone",
      "Laptop",
      "Headset",
      "New",
    ]);
  });

  test("a device whose id has changed is known by its label", () => {
    const [first] = rankDevices([{ id: "old", label: "Headset" }], [LAPTOP, HEADSET]);
    expect(first).toMatchObject({ id: "h", label: "Headset", isPresent: true });
  });

  test("of two devices with one label each keeps its own place", () => {
    const remembered = [
      { id: "b", label: "USB" },
      { id: "a", label: "USB" },
    ];
    expect(rankDevices(remembered, [listed("a", "USB"), listed("b", "USB")]).map(({ id }) => id)).toEqual(["b", "a"]);
  });

  test("the system default says what it stands for, and keeps its place while nothing is listed", () => {
    expect(rankDevices([], [DEFAULT, LAPTOP])[0]).toMatchObject({ name: "Laptop", resolvedId: "l" });
    const remembered = [
      { id: "h", label: "Headset" },
      { id: "default", label: "System default (Laptop)" },
    ];
    expect(rankDevices(rankDevices(remembered, []), [DEFAULT, HEADSET, LAPTOP]).map(({ id }) => id)).toEqual([
      "h",
      "default",
      "l",
    ]);
  });

  test("a browser without an entry for the system default has none", () => {
    const remembered = [{ id: "default", label: "System default (Laptop)" }];
    expect(rankDevices(remembered, [HEADSET]).map(({ id }) => id)).toEqual(["h"]);
  });

  test("devices that the browser keeps secret are not shown", () => {
    expect(rankDevices([], [listed("", "")])).toEqual([]);
  });

  test("of the absent only so many are kept as somebody may own", () => {
    const remembered = Array.from({ length: 30 }, (_, i) => ({ id: `${i}`, label: `Device ${i}` }));
    expect(rankDevices(remembered, [LAPTOP])).toHaveLength(9);
  });
});

test("moved past the end nothing changes; in between neighbours change places", () => {
  const devices = rankDevices([], [HEADSET, LAPTOP]);
  expect(moveDevice(devices, "h", -1)).toEqual(devices);
  expect(moveDevice(devices, "h", 1).map(({ id }) => id)).toEqual(["l", "h"]);
});

test("the preferred device comes first and the others keep their order", () => {
  const devices = rankDevices([], [DEFAULT, HEADSET, LAPTOP]);
  expect(preferDevice(devices, "l").map(({ id }) => id)).toEqual(["l", "default", "h"]);
});

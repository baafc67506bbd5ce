import type { ListedDevice } from "./media-devices-port";

export const SYSTEM_DEFAULT_ID = "default";

/** What is kept of a device between visits. */
export interface RememberedDevice {
  id: string;
  label: string;
}

/** A device in the person's order, the best first. */
export interface RankedDevice extends RememberedDevice {
  isPresent: boolean;
  /** What the system default stands for now; the device's own id otherwise. "" when unknown. */
  resolvedId: string;
  /** Name to say aloud; for the system default that of what it stands for. */
  name: string;
}

/** Absent devices beyond this many are forgotten, the least wanted first. */
const MAX_ABSENT = 8;

/**
 * Puts what is there into the remembered order. A device is known again by its id, or else by its label, since ids
 * change. New ones come last, the system default before them. `listed`: of one kind.
 */
export function rankDevices(
  remembered: readonly RememberedDevice[],
  listed: readonly ListedDevice[],
): readonly RankedDevice[] {
  const open = listed.filter(({ id }) => id !== "" && id !== "communications");
  const taken = new Set<ListedDevice>();
  const take = (matches: (device: ListedDevice) => boolean): ListedDevice | undefined => {
    const found = open.find((device) => !taken.has(device) && matches(device));
    if (found !== undefined) taken.add(found);
    return found;
  };
  // All ids first: of two devices with one label, each keeps its own place.
  const byId = remembered.map(({ id }) => take((device) => device.id === id));
  const known = remembered.map((old, i) => {
    const device =
      byId[i] ?? (old.label === "" ? undefined : take(({ id, label }) => !isDefault(id) && label === old.label));
    return device === undefined ? absent(old) : present({ device, all: open, oldLabel: old.label });
  });
  const fresh = open
    .filter((device) => !taken.has(device))
    .sort((a, b) => Number(isDefault(b.id)) - Number(isDefault(a.id)))
    .map((device) => present({ device, all: open, oldLabel: "" }));
  // Some browsers have no entry for the system default; while nothing is listed, its place is kept.
  const real = open.length === 0 ? known : known.filter(({ id, isPresent }) => isPresent || !isDefault(id));
  return withoutLeastWanted([...real, ...fresh]);
}

/** Exchanges a device with its neighbour: −1 makes it more wanted. The ends stay. */
export function moveDevice<T extends RememberedDevice>(devices: readonly T[], id: string, step: -1 | 1): readonly T[] {
  const at = devices.findIndex((device) => device.id === id);
  const device = devices[at];
  const other = devices[at + step];
  if (device === undefined || other === undefined) return devices;
  return devices.map((old) => (old === device ? other : old === other ? device : old));
}

/** Makes a device the most wanted. */
export function preferDevice<T extends RememberedDevice>(devices: readonly T[], id: string): readonly T[] {
  return [...devices.filter((device) => device.id === id), ...devices.filter((device) => device.id !== id)];
}

function isDefault(id: string): boolean {
  return id === SYSTEM_DEFAULT_ID;
}

function present(found: { device: ListedDevice; all: readonly ListedDevice[]; oldLabel: string }): RankedDevice {
  const { device, all, oldLabel } = found;
  if (!isDefault(device.id)) {
    const label = device.label || oldLabel;
    return { id: device.id, label, isPresent: true, resolvedId: device.id, name: label || "a device" };
  }
  const behind = all.find(({ id, groupId }) => !isDefault(id) && groupId !== "" && groupId === device.groupId);
  // Chromium writes "Default - Headset", in the language of the system.
  const name = behind?.label ?? device.label.replace(/^[^-]+ - /, "");
  const label = name === "" || name === "Default" ? "System default" : `System default (${name})`;
  return { id: device.id, label, isPresent: true, resolvedId: behind?.id ?? "", name: name || "the system's default" };
}

function absent({ id, label }: RememberedDevice): RankedDevice {
  return { id, label, isPresent: false, resolvedId: "", name: label };
}

function withoutLeastWanted(devices: readonly RankedDevice[]): readonly RankedDevice[] {
  const isNamed = (device: RankedDevice): boolean => !device.isPresent && device.label !== "";
  const kept = new Set(devices.filter(isNamed).slice(0, MAX_ABSENT));
  return devices.filter((device) => device.isPresent || kept.has(device));
}

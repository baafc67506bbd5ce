import { browserMediaDevices } from "./browser-media-devices";
import { createBrowserSoundCheck } from "./browser-sound-check";
import { DeviceStore } from "./device-store";
import type { SoundCheck } from "./sound-check";

/** Everything the page knows of microphones and speakers; one for the whole page. */
export interface AudioDevices {
  store: DeviceStore;
  check: SoundCheck;
}

export function createBrowserDevices(): AudioDevices {
  const store = new DeviceStore({ port: browserMediaDevices, storage: localStorage });
  store.start();
  return { store, check: createBrowserSoundCheck(store) };
}

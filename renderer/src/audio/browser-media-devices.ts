import type { DeviceKind, MediaDevicesPort } from "./media-devices-port";

const KINDS: Readonly<Partial<Record<MediaDeviceKind, DeviceKind>>> = {
  audioinput: "microphone",
  audiooutput: "speaker",
};

/** Without encryption the browser has no devices to tell of. */
export const browserMediaDevices: MediaDevicesPort = {
  canChooseSpeaker: "AudioContext" in globalThis && "setSinkId" in AudioContext.prototype,
  list: async () => {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.flatMap(({ kind, deviceId, label, groupId }) => {
      const known = KINDS[kind];
      return known === undefined ? [] : [{ kind: known, id: deviceId, label, groupId }];
    });
  },
  onChange: (listener) => {
    const devices: MediaDevices | undefined = navigator.mediaDevices;
    devices?.addEventListener("devicechange", listener);
    return { dispose: () => devices?.removeEventListener("devicechange", listener) };
  },
};

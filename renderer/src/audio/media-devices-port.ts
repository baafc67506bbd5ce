import type { Disposable } from "#core/lifecycle/disposable";

export type DeviceKind = "microphone" | "speaker";

/** A device as the browser lists it now. */
export interface ListedDevice {
  kind: DeviceKind;
  /** "default" for whatever the system has chosen; "" while the browser keeps it secret. Changes when site data is cleared. */
  id: string;
  /** "" before the person has allowed the microphone. */
  label: string;
  /** The same for parts of one thing, such as a headset, and for "default" and what stands behind it. */
  groupId: string;
}

/** What the browser knows of devices. */
export interface MediaDevicesPort {
  /** Whether sound can be sent to another speaker than the system's. */
  readonly canChooseSpeaker: boolean;
  list(): Promise<readonly ListedDevice[]>;
  onChange(listener: () => void): Disposable;
}

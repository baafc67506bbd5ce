import { useEffect, useState, useSyncExternalStore } from "react";
import type { AudioDevices } from "../../audio/browser-devices";
import { DeviceCheck } from "./device-check";
import "./devices.css";
import { MicrophoneSection } from "./microphone-section";
import { SpeakerSection } from "./speaker-section";

/** Which microphone and speaker, in which order, and whether they work. */
export function DevicesScreen({ devices }: { devices: AudioDevices }) {
  const [check] = useState(() => new DeviceCheck(devices));
  const { store } = devices;
  const view = useSyncExternalStore(store.subscribe, store.getView);
  const { hasNames } = view;
  // Opened by itself only when the person has allowed the microphone before.
  useEffect(() => {
    if (hasNames) void check.open();
    return () => check.close();
  }, [check, hasNames]);
  return (
    <div className="devices">
      <header>
        <h1>Devices</h1>
        <p className="devices-lead">
          Parley uses the first one that is connected. If it goes away in the middle of a sentence, the next one takes
          over.
        </p>
      </header>
      <MicrophoneSection store={store} view={view} check={check} />
      <SpeakerSection store={store} view={view} check={check} />
    </div>
  );
}

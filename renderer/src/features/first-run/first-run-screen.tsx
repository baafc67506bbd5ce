import { useEffect, useState, useSyncExternalStore } from "react";
import type { AudioDevices } from "../../audio/browser-devices";
import type { AdminPort } from "../../ui/admin-port";
import "../../ui/board.css";
import { MicIcon, WaveMark } from "../../ui/icons";
import { LinkBanner } from "../../ui/link-banner";
import { ProblemNote } from "../../ui/problem-note";
import { DeviceCheck } from "../devices/device-check";
import "../settings/settings.css";
import { SettingsStore } from "../settings/settings-store";
import { VoiceSettings } from "../settings/voice-settings";
import { BrainFound } from "./brain-found";
import "./first-run.css";
import { MicrophoneStep } from "./microphone-step";

interface FirstRunScreenProps {
  admin: AdminPort;
  devices: AudioDevices;
  onVoiceSaved: (voice: string) => void;
  /** The person has seen it; `isTalking`: and wants to talk at once. */
  onDone: (options: { isTalking: boolean }) => void;
}

/** From the first start to the first word: microphone, voice, brain, and off. Nothing here is needed to go on. */
export function FirstRunScreen({ admin, devices, onVoiceSaved, onDone }: FirstRunScreenProps) {
  const [store] = useState(() => new SettingsStore(admin));
  const [check] = useState(() => new DeviceCheck(devices));
  const { saved, loadProblem, problems } = useSyncExternalStore(store.subscribe, store.getState);
  // The window is there before its services are.
  useEffect(() => {
    const load = (): void => {
      if (admin.connection.type === "open") void store.load();
    };
    load();
    const watching = admin.subscribe(load);
    return () => watching.dispose();
  }, [admin, store]);
  useEffect(() => () => check.close(), [check]);
  useEffect(() => void (document.title = "Welcome · Parley"), []);
  const leave = (isTalking: boolean): void => {
    // The conversation opens the microphone itself.
    check.close();
    onDone({ isTalking });
  };
  return (
    <main className="page first-run" tabIndex={0}>
      <div className="board">
        <div className="board-column is-narrow">
          <header>
            <h1>
              <WaveMark />
              Welcome to Parley
            </h1>
            <p>Talk as you would to a person. Parley answers aloud, and stops when you cut in.</p>
          </header>
          <LinkBanner admin={admin} />
          <MicrophoneStep check={check} />
          <ProblemNote problem={loadProblem} />
          {saved === undefined ? (
            <p className="quiet" role="status">
              Parley is starting…
            </p>
          ) : (
            <>
              <VoiceSettings
                {...{ admin, store, saved, onVoiceSaved }}
                sound={devices.check}
                problem={problems.voice}
              />
              <BrainFound saved={saved} />
            </>
          )}
          <div className="first-run-buttons">
            <button type="button" className="talk" onClick={() => leave(true)}>
              <MicIcon />
              <span>Start talking</span>
            </button>
            <button type="button" className="button-quiet" onClick={() => leave(false)}>
              Skip
            </button>
          </div>
          <p className="quiet first-run-later">All of this can be changed later in Settings and Devices.</p>
        </div>
      </div>
    </main>
  );
}

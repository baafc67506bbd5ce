import { useSyncExternalStore } from "react";
import type { DevicesView, DeviceStore, VoiceProcessing } from "../../audio/device-store";
import { LevelMeter } from "../../ui/level-meter";
import { AdviceNote } from "./advice-note";
import type { DeviceCheck } from "./device-check";
import { DeviceList } from "./device-list";
import { HearYourselfTest } from "./hear-yourself-test";

export interface SectionProps {
  store: DeviceStore;
  view: DevicesView;
  check: DeviceCheck;
}

export function MicrophoneSection({ store, view, check }: SectionProps) {
  const { meter, micProblem, hearYourself } = useSyncExternalStore(check.subscribe, check.getView);
  const isMissing = view.hasNames && !view.microphones.some(({ isPresent }) => isPresent);
  return (
    <section className="devices-card" aria-labelledby="devices-microphone">
      <h2 id="devices-microphone">Microphone</h2>
      {!view.hasNames && meter === "off" && (
        <div className="devices-row">
          <p className="devices-hint">The browser names your devices once you have allowed the microphone.</p>
          <button type="button" onClick={() => void check.open()}>
            Allow the microphone
          </button>
        </div>
      )}
      {micProblem !== undefined && (
        <AdviceNote advice={micProblem}>
          <button type="button" className="button-quiet" onClick={() => void check.open()}>
            Try again
          </button>
        </AdviceNote>
      )}
      {isMissing && micProblem === undefined && (
        <AdviceNote
          advice={{ words: "No microphone was found.", action: "Connect one; it shows up here by itself." }}
        />
      )}
      <DeviceList store={store} kind="microphone" devices={view.microphones} activeId={view.active.microphone} />
      {meter === "opening" && <p className="devices-hint">Your browser may be asking for permission.</p>}
      {meter === "on" && (
        <>
          <div className="devices-row">
            <span className="devices-label">Level</span>
            <LevelMeter subscribe={check.subscribeLevel} />
          </div>
          <HearYourselfTest state={hearYourself} check={check} />
        </>
      )}
      <ProcessingChoice store={store} processing={view.processing} />
    </section>
  );
}

const PROCESSING: readonly { key: keyof VoiceProcessing; label: string; words: string }[] = [
  {
    key: "echoCancellation",
    label: "Echo cancellation",
    words: "Takes Parley's own voice out of what the microphone hears. Needed with speakers; headsets can do without.",
  },
  {
    key: "noiseSuppression",
    label: "Noise suppression",
    words: "Takes out fans and street noise. Turn it off if words get swallowed.",
  },
  {
    key: "autoGainControl",
    label: "Automatic level",
    words: "Makes a quiet voice louder and a loud one quieter. Turn it off if your microphone does that itself.",
  },
];

function ProcessingChoice({ store, processing }: { store: DeviceStore; processing: VoiceProcessing }) {
  return (
    <fieldset className="devices-processing">
      <legend>What happens to your voice on its way</legend>
      {PROCESSING.map(({ key, label, words }) => (
        <label key={key}>
          <input
            type="checkbox"
            checked={processing[key]}
            aria-describedby={`devices-${key}`}
            onChange={({ target }) => store.setProcessing({ [key]: target.checked })}
          />
          <span>
            <span className="devices-label">{label}</span>
            <span className="devices-hint" id={`devices-${key}`}>
              {words}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

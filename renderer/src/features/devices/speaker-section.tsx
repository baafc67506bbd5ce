import { useSyncExternalStore } from "react";
import { AdviceNote } from "./advice-note";
import { DeviceList } from "./device-list";
import type { SectionProps } from "./microphone-section";

export function SpeakerSection({ store, view, check }: SectionProps) {
  const { isChimePlaying, speakerProblem } = useSyncExternalStore(check.subscribe, check.getView);
  const canChoose = view.canChooseSpeaker && view.speakers.length > 0;
  return (
    <section className="devices-card" aria-labelledby="devices-speaker">
      <h2 id="devices-speaker">Speaker</h2>
      {canChoose ? (
        <DeviceList store={store} kind="speaker" devices={view.speakers} activeId={view.active.speaker} />
      ) : (
        <p className="devices-hint">
          {view.canChooseSpeaker
            ? "Parley plays on the system's speaker. Others can be chosen once the microphone is allowed."
            : "This browser plays on the system's speaker. Choose it in the system's settings."}
        </p>
      )}
      {speakerProblem !== undefined && <AdviceNote advice={speakerProblem} />}
      <div className="devices-row">
        <button type="button" className="button-quiet" disabled={isChimePlaying} onClick={() => void check.playChime()}>
          Play a chime
        </button>
        <p className="devices-hint" role="status">
          {isChimePlaying ? "Playing: three notes upwards." : "Nothing heard? Turn up the volume, or try another one."}
        </p>
      </div>
    </section>
  );
}

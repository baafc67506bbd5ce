import { useSyncExternalStore } from "react";
import { LevelMeter } from "../../ui/level-meter";
import { ProblemNote } from "../../ui/problem-note";
import type { DeviceCheck } from "../devices/device-check";

/** Asks for the microphone only when the person presses, and says what came of it. */
export function MicrophoneStep({ check }: { check: DeviceCheck }) {
  const { meter, micProblem } = useSyncExternalStore(check.subscribe, check.getView);
  const problem = micProblem && { message: micProblem.words, action: micProblem.action };
  return (
    <section className="card" aria-labelledby="first-microphone">
      <h2 id="first-microphone">Microphone</h2>
      <p className="quiet">What you say is understood on this computer; the sound does not leave it.</p>
      <div role="status">
        {meter === "opening" && <p>You may be asked for permission now.</p>}
        {meter === "on" && <p>The microphone is on. Say something: the bars follow your voice.</p>}
      </div>
      {meter === "on" && <LevelMeter subscribe={check.subscribeLevel} />}
      <ProblemNote problem={problem} />
      {meter === "off" && (
        <button type="button" className="button-quiet fit" onClick={() => void check.open()}>
          {problem === undefined ? "Allow the microphone" : "Try again"}
        </button>
      )}
    </section>
  );
}

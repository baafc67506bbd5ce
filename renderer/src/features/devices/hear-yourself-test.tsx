import type { DeviceCheck, HearYourself } from "./device-check";

/** Five seconds of the person, judged and played back. */
export function HearYourselfTest({ state, check }: { state: HearYourself; check: DeviceCheck }) {
  const isBusy = state.type === "recording" || state.type === "playing";
  return (
    <div className="devices-test">
      <div className="devices-row">
        {state.type === "playing" ? (
          <button type="button" className="button-quiet" onClick={() => check.stopPlaying()}>
            Stop
          </button>
        ) : (
          <button type="button" className="button-quiet" disabled={isBusy} onClick={() => void check.hearYourself()}>
            {state.type === "done" ? "Try once more" : "Hear yourself"}
          </button>
        )}
        <p className="devices-hint">{hintOf(state)}</p>
      </div>
      {state.type === "recording" && <div className="devices-progress" aria-hidden="true" />}
      <div role="status">
        {state.type === "done" && (
          <p className="devices-finding" data-verdict={state.finding.verdict}>
            <strong>{state.finding.words}</strong> {state.finding.action}
          </p>
        )}
      </div>
    </div>
  );
}

function hintOf({ type }: HearYourself): string {
  if (type === "recording") return "Recording for five seconds. Say a sentence as you would to Parley.";
  if (type === "playing") return "This is how Parley hears you.";
  return "Records five seconds and plays them back. Nothing is kept.";
}

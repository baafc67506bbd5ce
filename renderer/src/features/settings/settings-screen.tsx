import { useState, useSyncExternalStore, type ReactNode } from "react";
import type { SoundCheck } from "../../audio/sound-check";
import type { AdminPort } from "../../ui/admin-port";
import "../../ui/board.css";
import { LinkBanner } from "../../ui/link-banner";
import { ProblemNote } from "../../ui/problem-note";
import { UndoNotice } from "../../ui/undo-notice";
import { useLoaded } from "../../ui/use-loaded";
import { BrainSettings } from "./brain-settings";
import { ComputerCheck } from "./computer-check";
import { ModeSettings } from "./mode-settings";
import { RecordingSettings } from "./recording-settings";
import "./settings.css";
import { SettingsStore } from "./settings-store";
import { TurnSettings } from "./turn-settings";
import { VoiceSettings } from "./voice-settings";

interface SettingsScreenProps {
  admin: AdminPort;
  sound: Pick<SoundCheck, "play">;
  /** The conversation that runs goes on with it. */
  onVoiceSaved: (voice: string) => void;
  onShowFirstRun: () => void;
  /** Settings of the surroundings, which Parley's own services do not keep. */
  children?: ReactNode;
}

/** What a person may change while Parley runs. Each change is saved at once. */
export function SettingsScreen({ admin, sound, onVoiceSaved, onShowFirstRun, children }: SettingsScreenProps) {
  const [store] = useState(() => new SettingsStore(admin));
  const state = useSyncExternalStore(store.subscribe, store.getState);
  useLoaded(admin, store.load);
  const { saved, problems } = state;
  return (
    <>
      <div className="board">
        <div className="board-column is-narrow">
          <div className="card-head">
            <h1>Settings</h1>
            <p className="quiet">Every change is saved at once.</p>
          </div>
          <LinkBanner admin={admin} />
          {state.loadProblem !== undefined && (
            <div className="card">
              <ProblemNote problem={state.loadProblem} />
              <button type="button" className="button-quiet fit" onClick={() => void store.load()}>
                Try again
              </button>
            </div>
          )}
          {saved?.notice !== undefined && (
            <p className="banner" role="note">
              {saved.notice}
            </p>
          )}
          {saved !== undefined && (
            <>
              {!saved.isWorkerOnly && (
                <>
                  <BrainSettings admin={admin} store={store} saved={saved} problems={problems} />
                  <VoiceSettings {...{ admin, sound, store, saved, onVoiceSaved }} problem={problems.voice} />
                  <TurnSettings store={store} saved={saved} problem={problems.turn} />
                  <RecordingSettings store={store} saved={saved} problem={problems.recording} />
                </>
              )}
              {saved.hasMode && <ModeSettings store={store} saved={saved} problem={problems.mode} />}
              {children}
              <ComputerCheck admin={admin} />
              <p className="quiet settings-file">
                Kept in <code>{saved.file}</code>. What you choose here comes before the configuration file.
              </p>
              {!saved.isWorkerOnly && (
                <button type="button" className="button-quiet fit" onClick={onShowFirstRun}>
                  Show the welcome again
                </button>
              )}
            </>
          )}
        </div>
      </div>
      <UndoNotice notice={state.notice} onGone={store.dismissNotice} />
    </>
  );
}

import { HushIcon, KeyboardIcon, MicIcon, MicOffIcon, PauseIcon, PlayIcon, StopIcon } from "../../ui/icons";
import { LevelMeter } from "../../ui/level-meter";
import type { ConversationController } from "./conversation-controller";
import { isMicLive, isRunning, type ConversationView } from "./conversation-view";
import { HoldButton } from "./hold-button";
import { moodOf } from "./mood";
import { Presence } from "./presence";
import { hintWords, statusWords } from "./status-words";
import { KEYS_HELP_ID } from "./talk-keys";
import { TextComposer } from "./text-composer";

interface TalkDockProps {
  controller: ConversationController;
  view: ConversationView;
}

/** Where the person acts: start and stop, be heard, cut in, type. */
export function TalkDock({ controller, view }: TalkDockProps) {
  return (
    <footer className="dock" aria-label="Talk">
      <div className="dock-row">
        <Presence mood={moodOf(view)} subscribeLevel={controller.subscribeLevel} />
        <div className="dock-status">
          <p className="status" role="status" data-testid="status">
            {statusWords(view)}
          </p>
          {isMicLive(view) ? (
            <LevelMeter subscribe={controller.subscribeLevel} />
          ) : (
            <p className="hint">{hintWords(view)}</p>
          )}
        </div>
        <TalkButtons controller={controller} view={view} />
      </div>
      <TextComposer
        isEnabled={view.phase === "active" || !isRunning(view.phase)}
        onSend={(text) => void controller.sendText(text)}
      />
      <DockTools controller={controller} view={view} />
    </footer>
  );
}

function TalkButtons({ controller, view }: TalkDockProps) {
  const isTextOnly = view.phase === "active" && !view.hasMicrophone;
  return (
    <div className="dock-buttons">
      {view.isAgentAudible && (
        <button
          type="button"
          className="button-quiet"
          aria-keyshortcuts="Escape"
          onClick={() => controller.interrupt()}
          title="Stop speaking (Esc)"
        >
          <HushIcon />
          Stop speaking
        </button>
      )}
      {isTextOnly && !view.isAgentAudible && (
        <button type="button" className="button-quiet" onClick={() => controller.stop()}>
          End
        </button>
      )}
      {view.hasMicrophone && <MuteButton controller={controller} view={view} />}
      <TalkButton controller={controller} view={view} />
    </div>
  );
}

export function MuteButton({ controller, view }: TalkDockProps) {
  return (
    <button
      type="button"
      className="button-quiet mute"
      aria-pressed={view.isMuted}
      aria-keyshortcuts="M"
      title={view.isMuted ? "Be heard again (M)" : "Mute the microphone (M)"}
      onClick={() => controller.setMuted(!view.isMuted)}
    >
      {view.isMuted ? <MicOffIcon /> : <MicIcon />}
      <span>Mute</span>
    </button>
  );
}

function TalkButton({ controller, view }: TalkDockProps) {
  const canStart = !isRunning(view.phase) || (view.phase === "active" && !view.hasMicrophone);
  if (canStart) {
    return (
      <button type="button" className="talk" onClick={() => void controller.startTalking()}>
        <MicIcon />
        <span>Start talking</span>
      </button>
    );
  }
  return (
    <button type="button" className="talk is-on" onClick={() => controller.stop()}>
      <StopIcon />
      <span>Stop talking</span>
    </button>
  );
}

function DockTools({ controller, view }: TalkDockProps) {
  return (
    <div className="dock-tools">
      <label className="toggle">
        <input
          type="checkbox"
          role="switch"
          checked={view.isPushToTalk}
          onChange={(event) => controller.setPushToTalk(event.target.checked)}
        />
        Push to talk
      </label>
      {view.isPushToTalk && view.hasMicrophone && (
        <HoldButton isHolding={view.isHolding} onHold={(isHolding) => controller.hold(isHolding)} />
      )}
      {view.phase === "active" && (
        <button
          type="button"
          className="pause-button"
          aria-pressed={view.isPaused}
          aria-keyshortcuts="P"
          title={view.isPaused ? "Go on (P)" : "Pause the conversation (P)"}
          onClick={() => controller.setPaused(!view.isPaused)}
        >
          {view.isPaused ? <PlayIcon /> : <PauseIcon />}
          Pause
        </button>
      )}
      <button type="button" className="keys-button" popoverTarget={KEYS_HELP_ID} aria-keyshortcuts="?">
        <KeyboardIcon />
        Keys
      </button>
    </div>
  );
}

import { HushIcon, KeyboardIcon, MicIcon, MicOffIcon, PauseIcon, PlayIcon, StopIcon } from "../../ui/icons";
import { LevelMeter } from "../../ui/level-meter";
import type { ConversationController } from "./conversation-controller";
import { isMicLive, isRunning } from "./conversation-view";
import { HoldButton } from "./hold-button";
import { moodOf } from "./mood";
import { Presence } from "./presence";
import { hintWords, statusWords } from "./status-words";
import { KEYS_HELP_ID } from "./talk-keys";
import { TextComposer } from "./text-composer";
import { useTalk } from "./use-talk";

interface PartProps {
  controller: ConversationController;
}

/** Where the person acts: start and stop, be heard, cut in, type. `onSend`: a message is on its way. */
export function TalkDock({ controller, onSend }: PartProps & { onSend: () => void }) {
  const mood = useTalk(controller, moodOf);
  const canType = useTalk(controller, ({ phase }) => phase === "active" || !isRunning(phase));
  return (
    <footer className="dock" aria-label="Talk">
      <div className="dock-row">
        <Presence mood={mood} subscribeLevel={controller.subscribeLevel} />
        <DockStatus controller={controller} />
        <TalkButtons controller={controller} />
      </div>
      <TextComposer controller={controller} isEnabled={canType} onSend={onSend} />
      <DockTools controller={controller} />
    </footer>
  );
}

function DockStatus({ controller }: PartProps) {
  const status = useTalk(controller, statusWords);
  const hint = useTalk(controller, hintWords);
  const isLive = useTalk(controller, isMicLive);
  return (
    <div className="dock-status">
      <p className="status" role="status" data-testid="status">
        {status}
      </p>
      {isLive ? <LevelMeter subscribe={controller.subscribeLevel} /> : <p className="hint">{hint}</p>}
    </div>
  );
}

function TalkButtons({ controller }: PartProps) {
  const isAgentAudible = useTalk(controller, (view) => view.isAgentAudible);
  const hasMicrophone = useTalk(controller, (view) => view.hasMicrophone);
  const isTextOnly = useTalk(controller, (view) => view.phase === "active" && !view.hasMicrophone);
  return (
    <div className="dock-buttons">
      {isAgentAudible && (
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
      {isTextOnly && !isAgentAudible && (
        <button type="button" className="button-quiet" onClick={() => controller.stop()}>
          End
        </button>
      )}
      {hasMicrophone && <MuteButton controller={controller} />}
      <TalkButton controller={controller} />
    </div>
  );
}

export function MuteButton({ controller }: PartProps) {
  const isMuted = useTalk(controller, (view) => view.isMuted);
  return (
    <button
      type="button"
      className="button-quiet mute"
      aria-pressed={isMuted}
      aria-keyshortcuts="M"
      title={isMuted ? "Be heard again (M)" : "Mute the microphone (M)"}
      onClick={() => controller.setMuted(!isMuted)}
    >
      {isMuted ? <MicOffIcon /> : <MicIcon />}
      <span>Mute</span>
    </button>
  );
}

function TalkButton({ controller }: PartProps) {
  const canStart = useTalk(
    controller,
    ({ phase, hasMicrophone }) => !isRunning(phase) || (phase === "active" && !hasMicrophone),
  );
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

function DockTools({ controller }: PartProps) {
  const isPushToTalk = useTalk(controller, (view) => view.isPushToTalk);
  const hasMicrophone = useTalk(controller, (view) => view.hasMicrophone);
  const isHolding = useTalk(controller, (view) => view.isHolding);
  const isActive = useTalk(controller, ({ phase }) => phase === "active");
  const isPaused = useTalk(controller, (view) => view.isPaused);
  return (
    <div className="dock-tools">
      <label className="toggle">
        <input
          type="checkbox"
          role="switch"
          checked={isPushToTalk}
          onChange={(event) => controller.setPushToTalk(event.target.checked)}
        />
        Push to talk
      </label>
      {isPushToTalk && hasMicrophone && (
        <HoldButton isHolding={isHolding} onHold={(isHolding) => controller.hold(isHolding)} />
      )}
      {isActive && (
        <button
          type="button"
          className="pause-button"
          aria-pressed={isPaused}
          aria-keyshortcuts="P"
          title={isPaused ? "Go on (P)" : "Pause the conversation (P)"}
          onClick={() => controller.setPaused(!isPaused)}
        >
          {isPaused ? <PlayIcon /> : <PauseIcon />}
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

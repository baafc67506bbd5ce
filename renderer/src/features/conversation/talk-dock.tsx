import { HushIcon, MicIcon, StopIcon } from "../../ui/icons";
import { LevelMeter } from "../../ui/level-meter";
import type { ConversationController } from "./conversation-controller";
import { isRunning, type ConversationView } from "./conversation-view";
import { statusWords } from "./status-words";
import { TextComposer } from "./text-composer";

interface TalkDockProps {
  controller: ConversationController;
  view: ConversationView;
}

/** Where the person acts: start and stop, be heard, cut in, type. */
export function TalkDock({ controller, view }: TalkDockProps) {
  const isTextOnly = view.phase === "active" && !view.hasMicrophone;
  return (
    <footer className="dock">
      <div className="dock-row">
        <TalkButton controller={controller} view={view} />
        <div className="dock-status">
          <p className="status" role="status" data-testid="status">
            {statusWords(view)}
          </p>
          {view.hasMicrophone ? (
            <LevelMeter subscribe={controller.subscribeLevel} />
          ) : (
            <p className="hint">{hintWords(view)}</p>
          )}
        </div>
        {view.isAgentAudible && (
          <button type="button" className="button-quiet" onClick={() => controller.interrupt()} title="Esc">
            <HushIcon />
            Stop speaking
          </button>
        )}
        {isTextOnly && !view.isAgentAudible && (
          <button type="button" className="button-quiet" onClick={() => controller.stop()}>
            End
          </button>
        )}
      </div>
      <TextComposer
        isEnabled={view.phase === "active" || !isRunning(view.phase)}
        onSend={(text) => void controller.sendText(text)}
      />
    </footer>
  );
}

function TalkButton({ controller, view }: TalkDockProps) {
  const canStart = !isRunning(view.phase) || (view.phase === "active" && !view.hasMicrophone);
  const mood = view.conversation.isUserSpeaking ? "hearing" : view.isAgentAudible ? "speaking" : "still";
  if (canStart) {
    return (
      <button type="button" className="talk" onClick={() => void controller.startTalking()}>
        <MicIcon />
        <span>Start talking</span>
      </button>
    );
  }
  return (
    <button type="button" className="talk is-on" data-mood={mood} onClick={() => controller.stop()}>
      <StopIcon />
      <span>Stop talking</span>
    </button>
  );
}

function hintWords(view: ConversationView): string {
  if (view.phase === "active") return "The microphone is off. Typing works.";
  if (view.phase === "opening-microphone") return "Your browser may be asking for permission.";
  if (view.phase === "connecting" || view.phase === "resuming") return "One moment.";
  return "Press to talk, or type below.";
}

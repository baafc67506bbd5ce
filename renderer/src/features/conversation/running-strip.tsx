import { StopIcon } from "../../ui/icons";
import type { ConversationController } from "./conversation-controller";
import { isRunning } from "./conversation-view";
import { moodOf } from "./mood";
import { Presence } from "./presence";
import { statusWords } from "./status-words";
import { MuteButton } from "./talk-dock";
import { useTalk } from "./use-talk";

/** On the other screens: that the conversation goes on, and how to be unheard or end it. */
export function RunningStrip({ controller }: { controller: ConversationController }) {
  const isTalking = useTalk(controller, ({ phase }) => isRunning(phase));
  const hasMicrophone = useTalk(controller, (view) => view.hasMicrophone);
  const mood = useTalk(controller, moodOf);
  const status = useTalk(controller, statusWords);
  if (!isTalking) return null;
  return (
    <aside className="running-strip" aria-label="Conversation">
      <Presence mood={mood} subscribeLevel={controller.subscribeLevel} />
      <p className="status" role="status" data-testid="status">
        {status}
      </p>
      {hasMicrophone && <MuteButton controller={controller} />}
      <button type="button" className="button-quiet" onClick={() => controller.stop()}>
        <StopIcon />
        Stop talking
      </button>
    </aside>
  );
}

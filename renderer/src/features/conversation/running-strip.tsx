import { useSyncExternalStore } from "react";
import { StopIcon } from "../../ui/icons";
import type { ConversationController } from "./conversation-controller";
import { isRunning } from "./conversation-view";
import { moodOf } from "./mood";
import { Presence } from "./presence";
import { statusWords } from "./status-words";
import { MuteButton } from "./talk-dock";

/** On the other screens: that the conversation goes on, and how to be unheard or end it. */
export function RunningStrip({ controller }: { controller: ConversationController }) {
  const view = useSyncExternalStore(controller.subscribe, controller.getView);
  if (!isRunning(view.phase)) return null;
  return (
    <aside className="running-strip" aria-label="Conversation">
      <Presence mood={moodOf(view)} subscribeLevel={controller.subscribeLevel} />
      <p className="status" role="status" data-testid="status">
        {statusWords(view)}
      </p>
      {view.hasMicrophone && <MuteButton controller={controller} view={view} />}
      <button type="button" className="button-quiet" onClick={() => controller.stop()}>
        <StopIcon />
        Stop talking
      </button>
    </aside>
  );
}

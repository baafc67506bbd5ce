import { systemClock } from "#adapters/system/system-clock";
import { createWsConnector } from "#adapters/ws-client/ws-connector";
import type { TalkEvent } from "#contracts/events/talk-event";
import { createInteractiveMicrophone } from "#core/talk/simulated-microphone";
import { holdConversation } from "#core/talk/talk-conversation";
import type { ConversationRunner } from "#score/play-script";

const TAIL_MS = 300;

/** Conversations with a running orchestrator, as `parley talk` holds them. They reject when the session breaks off. */
export function createRealTimeRunner(target: { url: string; token: string | undefined }): ConversationRunner {
  return {
    async hold({ microphone, maxMs }) {
      const user = createInteractiveMicrophone(microphone);
      const events: TalkEvent[] = [];
      const { recording, error } = await holdConversation({
        connect: createWsConnector(target.url),
        clock: systemClock,
        microphone: user,
        token: target.token,
        voice: undefined,
        tailMs: TAIL_MS,
        maxMs,
        onEvent: (event) => {
          events.push(event);
          user.noteEvent(event);
        },
      });
      if (error !== undefined) throw error;
      const { agentPcm, positionSamples, frames } = recording;
      return { speakerPcm: agentPcm, positionSamples, frames, events };
    },
  };
}

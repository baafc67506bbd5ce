import { systemClock } from "#adapters/system/system-clock";
import { createWsConnector } from "#adapters/ws-client/ws-connector";
import type { TalkEvent } from "#contracts/events/talk-event";
import { createInteractiveMicrophone } from "#core/talk/simulated-microphone";
import { AnswerStopper } from "#core/talk/stop-answers";
import { holdConversation, type TalkControls } from "#core/talk/talk-conversation";
import type { ConversationRunner } from "#score/play-script";

const TAIL_MS = 300;

export interface RealTimeTarget {
  url: string;
  token: string | undefined;
  /** The user presses stop when an answer has been heard for so long, ms. Default: it is heard out. */
  stopAnswersAfterMs?: number | undefined;
}

/** Conversations with a running orchestrator, as `parley talk` holds them. They reject when the session breaks off. */
export function createRealTimeRunner(target: RealTimeTarget): ConversationRunner {
  return {
    async hold({ microphone, maxMs }) {
      const user = createInteractiveMicrophone(microphone);
      const events: TalkEvent[] = [];
      let controls: TalkControls | undefined;
      const stopper = new AnswerStopper({
        clock: systemClock,
        afterMs: target.stopAnswersAfterMs ?? Infinity,
        stop: () => controls?.interrupt(),
      });
      const { recording, error } = await holdConversation({
        connect: createWsConnector(target.url),
        clock: systemClock,
        microphone: user,
        token: target.token,
        voice: undefined,
        tailMs: TAIL_MS,
        maxMs,
        onStarted: (given) => (controls = given),
        onEvent: (event) => {
          events.push(event);
          if (target.stopAnswersAfterMs !== undefined) stopper.noteEvent(event);
          user.noteEvent(event);
        },
      }).finally(() => stopper.dispose());
      if (error !== undefined) throw error;
      const { agentPcm, positionSamples, frames } = recording;
      return { speakerPcm: agentPcm, positionSamples, frames, events };
    },
  };
}

import type { TalkEvent } from "#contracts/events/talk-event";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import type { TalkControls } from "#core/talk/talk-conversation";
import { createQueueMicrophone } from "./queue-microphone";
import { talkTo } from "./talk-to";

/** One thing that the user says or types. */
export type UserAction = { type: "say"; /** 48 kHz. */ pcm: Int16Array } | { type: "type"; text: string };

export interface ChatOptions {
  url: string;
  actions: readonly UserAction[];
  /** After each turn of the agent. */
  onTurn(): void;
}

/** Above the longest utterance and answer together, on a busy machine. */
const MAX_TURN_MS = 60_000;
const TAIL_MS = 300;

/** A session in which each action waits for the end of the answer to the one before. Rejects when an answer does not come. */
export async function chat({ url, actions, onTurn }: ChatOptions): Promise<void> {
  const microphone = createQueueMicrophone(VOICE_SAMPLE_RATE_HZ);
  const waiting = [...actions];
  let controls: TalkControls | undefined;
  let startedCount = 0;

  const act = (): void => {
    const action = waiting.shift();
    if (action === undefined) return microphone.end();
    startedCount++;
    if (action.type === "say") microphone.say(action.pcm);
    else controls?.sendText(action.text);
  };
  const onEvent = (event: TalkEvent): void => {
    // A superseded turn is followed by another one that answers everything.
    if (event.type !== "agent-turn-end" || event.reason === "superseded") return;
    onTurn();
    act();
  };
  const { error } = await talkTo(url, {
    microphone,
    tailMs: TAIL_MS,
    maxMs: MAX_TURN_MS * actions.length,
    onStarted: (given) => {
      controls = given;
      act();
    },
    onEvent,
  });
  if (error !== undefined) throw error;
  if (waiting.length > 0) throw new Error(`the agent did not answer action ${startedCount} of ${actions.length}`);
}

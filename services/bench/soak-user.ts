import { createWsConnector } from "#adapters/ws-client/ws-connector";
import { systemClock } from "#adapters/system/system-clock";
import type { TalkEvent } from "#contracts/events/talk-event";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { holdConversation, type TalkControls } from "#core/talk/talk-conversation";
import { countByIds } from "./failover-answer";
import { createQueueMicrophone } from "./queue-microphone";

/** What became of one user's answers. */
export interface SoakTally {
  answers: number;
  wordsLost: number;
  wordsDoubled: number;
  sessionsDied: number;
  errorCodes: string[];
}

export interface SoakUserOptions {
  url: string;
  /** What is to be said, one text for each answer, over and over. */
  texts: readonly string[];
  answersPerSession: number;
  isOver(): boolean;
}

const TAIL_MS = 300;
/** An answer takes some 12 s; the worst fault adds 5. */
const MAX_ANSWER_MS = 40_000;

/** One session after the other, with a silent microphone, until it is over; each answer is counted word by word. */
export async function soakUser({ url, texts, answersPerSession, isOver }: SoakUserOptions): Promise<SoakTally> {
  const tally: SoakTally = { answers: 0, wordsLost: 0, wordsDoubled: 0, sessionsDied: 0, errorCodes: [] };
  let asked = 0;
  while (!isOver()) {
    const microphone = createQueueMicrophone(VOICE_SAMPLE_RATE_HZ);
    let controls: TalkControls | undefined;
    let events: TalkEvent[] = [];
    let text = "";
    let left = answersPerSession;
    const ask = (): void => {
      if (left === 0 || isOver()) return microphone.end();
      left--;
      text = texts[asked++ % texts.length] ?? "";
      events = [];
      controls?.sendText(`Repeat after me: ${text}`);
    };
    const onEvent = (event: TalkEvent): void => {
      events.push(event);
      if (event.type === "error") tally.errorCodes.push(event.code);
      if (event.type !== "agent-turn-end") return;
      const { lost, doubled } = countByIds(events, text);
      tally.answers++;
      tally.wordsLost += lost;
      tally.wordsDoubled += doubled;
      ask();
    };
    const { error } = await holdConversation({
      connect: createWsConnector(url),
      clock: systemClock,
      microphone,
      token: undefined,
      voice: undefined,
      tailMs: TAIL_MS,
      maxMs: MAX_ANSWER_MS * answersPerSession,
      onStarted: (given) => {
        controls = given;
        ask();
      },
      onEvent,
    }).catch((failure: unknown) => ({ error: failure }));
    if (error !== undefined) tally.sessionsDied++;
  }
  return tally;
}

import { hasCode } from "#contracts/errors";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import type { TalkControls } from "#core/talk/talk-conversation";
import { createQueueMicrophone } from "../queue-microphone";
import { talkTo } from "../talk-to";
import { SoakTally, type SoakCounts } from "./soak-tally";

export interface SoakUserOptions {
  url: string;
  /** What is to be said, one text for each answer, over and over. */
  texts: readonly string[];
  answersPerSession: number;
  isOver(): boolean;
  onTrouble(words: string): void;
}

const TAIL_MS = 300;
/** An answer takes some 6 s; the worst fault adds 5. */
const MAX_ANSWER_MS = 40_000;

/** One session after the other, with a silent microphone, until it is over; each answer is counted word by word. */
export async function soakUser(options: SoakUserOptions): Promise<SoakCounts> {
  const { url, texts, answersPerSession, isOver } = options;
  const tally = new SoakTally((words) => options.onTrouble(words));
  let asked = 0;
  while (!isOver()) {
    const microphone = createQueueMicrophone(VOICE_SAMPLE_RATE_HZ);
    let controls: TalkControls | undefined;
    let left = answersPerSession;
    const ask = (): void => {
      if (left === 0 || isOver()) return microphone.end();
      left--;
      const text = texts[asked++ % texts.length] ?? "";
      tally.asked(text);
      controls?.sendText(`Repeat after me: ${text}`);
    };
    const { error } = await talkTo(url, {
      microphone,
      tailMs: TAIL_MS,
      maxMs: MAX_ANSWER_MS * answersPerSession,
      onStarted: (given) => {
        controls = given;
        ask();
      },
      onEvent: (event) => {
        if (tally.add(event)) ask();
      },
    }).catch((failure: unknown) => ({ error: failure }));
    if (controls === undefined && hasCode(error, "connect-failed")) tally.startBroke();
    else tally.sessionEnded(error);
  }
  return tally.counts;
}

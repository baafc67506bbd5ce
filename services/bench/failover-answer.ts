import { systemClock } from "#adapters/system/system-clock";
import type { TalkEvent } from "#contracts/events/talk-event";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { DisposableStore } from "#core/lifecycle/disposable";
import { createQueueMicrophone } from "./queue-microphone";
import { talkTo } from "./talk-to";

/** Something that happens to a worker while the answer plays. */
export interface Strike {
  /** After the answer began to play, ms. */
  afterMs: number;
  act(): void;
}

export interface Answer {
  /** What the speaker played, 48 kHz, from the start of the conversation. */
  pcm: Int16Array;
  events: TalkEvent[];
  /** On the clock of the recording, ms. */
  strikesAtMs: number[];
  errorCodes: string[];
}

type EventOf<Type extends TalkEvent["type"]> = Extract<TalkEvent, { type: Type }>;

const LONGEST_MS = 60_000;
const TAIL_MS = 700;

/** Has a text said, typed as a request, and strikes while it plays. */
export async function hearAnswer(url: string, request: string, strikes: readonly Strike[]): Promise<Answer> {
  const microphone = createQueueMicrophone(VOICE_SAMPLE_RATE_HZ);
  const timers = new DisposableStore();
  const events: TalkEvent[] = [];
  const strikesAtMs: number[] = [];
  const onEvent = (event: TalkEvent): void => {
    events.push(event);
    if (event.type === "agent-playout-start" && strikesAtMs.length === 0) {
      for (const { afterMs, act } of strikes) {
        strikesAtMs.push(event.atMs + afterMs);
        timers.add(systemClock.setTimer(afterMs, act));
      }
    }
    if (event.type === "agent-turn-end") microphone.end();
  };
  try {
    const { recording, error } = await talkTo(url, {
      microphone,
      tailMs: TAIL_MS,
      maxMs: LONGEST_MS,
      onStarted: (controls) => controls.sendText(request),
      onEvent,
    });
    if (error !== undefined) throw error;
    const errorCodes = events.flatMap((event) => (event.type === "error" ? [event.code] : []));
    return { pcm: recording.agentPcm, events, strikesAtMs, errorCodes };
  } finally {
    timers.dispose();
  }
}

/** By word ids: places of the text that were never said, and words heard whole that were said again. */
export function countByIds(events: readonly TalkEvent[], expectedText: string): { lost: number; doubled: number } {
  const said = new Map<number, EventOf<"agent-word-timings">["words"][number]>();
  /** Announced, but not heard whole: the rest of them was thrown away, or never came and others stand in its place. */
  const cut = new Set<number>();
  let doubled = 0;
  const cutAt = (sample: number): void => {
    for (const word of said.values()) if (word.endSample > sample) cut.add(word.textStart);
  };
  for (const event of events) {
    if (event.type === "flush") cutAt(event.fromSample);
    if (event.type !== "agent-word-timings") continue;
    cutAt(event.words[0]?.startSample ?? Infinity);
    for (const word of event.words) {
      if (said.has(word.textStart) && !cut.has(word.textStart)) doubled++;
      said.set(word.textStart, word);
      cut.delete(word.textStart);
    }
  }
  const letters = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  const inOrder = [...said.entries()].sort(([a], [b]) => a - b).map(([, word]) => word);
  const expected = expectedText.split(/\s+/u).map(letters);
  const missing = expected.filter((word, index) => letters(inOrder[index]?.text ?? "") !== word);
  const ends = events.filter((event): event is EventOf<"agent-turn-end"> => event.type === "agent-turn-end");
  const isHeardWhole = ends.length === 1 && letters(ends[0]?.heardText ?? "") === letters(expectedText);
  return { lost: isHeardWhole ? missing.length : Math.max(1, missing.length), doubled };
}

/** −60 dBFS. */
const SILENT = 33;
const STEP_SAMPLES = VOICE_SAMPLE_RATE_HZ / 1000;

/** The longest silence of the speaker that begins or ends within this stretch of the recording, ms. */
export function longestSilenceMs(pcm: Int16Array, { fromMs, toMs }: { fromMs: number; toMs: number }): number {
  let longest = 0;
  let run = 0;
  const last = Math.min(Math.floor(pcm.length / STEP_SAMPLES), Math.ceil(toMs));
  for (let ms = Math.max(0, Math.floor(fromMs)); ms < last; ms++) {
    const isSilent = pcm
      .subarray(ms * STEP_SAMPLES, (ms + 1) * STEP_SAMPLES)
      .every((value) => Math.abs(value) < SILENT);
    run = isSilent ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

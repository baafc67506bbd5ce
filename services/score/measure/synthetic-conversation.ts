import type { TalkEvent } from "#contracts/events/talk-event";
import { VOICE_FRAME_SAMPLES, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import type { UserEvent, UserEventKind } from "../user/user-sound";
import { STEP_MS, type PlayedConversation } from "./speaker-trace";

/** Words of a turn on the agent's clock, ms; a tone sounds in each. */
export interface SyntheticTurn {
  turn: number;
  words: readonly (readonly [startMs: number, endMs: number])[];
}

/** A piece of playing: from `atMs` on the speaker plays from `positionMs` of the agent's clock for `forMs`. */
export interface SyntheticPlayout {
  atMs: number;
  positionMs: number;
  forMs: number;
  gain?: number;
}

const SAMPLES_PER_MS = VOICE_SAMPLE_RATE_HZ / 1000;
const AMPLITUDE = 6_000;

/** A conversation whose answers to all measures are known. For tests; all times are multiples of 20 ms. */
export function synthesizeConversation(options: {
  turns: readonly SyntheticTurn[];
  playout: readonly SyntheticPlayout[];
  lengthMs: number;
  ends?: readonly { turn: number; atMs: number; reason: "completed" | "interrupted"; heardText: string }[];
  user?: readonly UserEvent[];
}): PlayedConversation {
  const { turns, playout, lengthMs, ends = [], user = [] } = options;
  const voiceAt = (sample: number): number =>
    turns.some(({ words }) =>
      words.some(([start, end]) => sample >= start * SAMPLES_PER_MS && sample < end * SAMPLES_PER_MS),
    )
      ? AMPLITUDE * Math.sin(sample / 7)
      : 0;
  const speakerPcm = new Int16Array(lengthMs * SAMPLES_PER_MS);
  const positionSamples: number[] = [];
  let position = 0;
  for (let stepMs = 0; stepMs < lengthMs; stepMs += STEP_MS) {
    const piece = playout.find(({ atMs, forMs }) => stepMs >= atMs && stepMs < atMs + forMs);
    if (piece !== undefined) {
      const start = (piece.positionMs + stepMs - piece.atMs) * SAMPLES_PER_MS;
      position = start + STEP_MS * SAMPLES_PER_MS;
      for (let at = 0; at < STEP_MS * SAMPLES_PER_MS; at++)
        speakerPcm[stepMs * SAMPLES_PER_MS + at] = voiceAt(start + at) * (piece.gain ?? 1);
    }
    positionSamples.push(position);
  }
  return {
    speakerPcm,
    positionSamples,
    frames: turns.flatMap(({ turn, words }) => toFrames(turn, words, voiceAt)),
    events: [
      ...turns.flatMap(({ turn, words }): TalkEvent[] => [
        { type: "agent-text-delta", atMs: 0, turn, text: words.map(() => "word").join(" ") },
        { type: "agent-word-timings", atMs: 0, turn, words: words.map(toTiming) },
      ]),
      ...ends.map((end): TalkEvent => ({ type: "agent-turn-end", unheardText: "", ...end })),
    ],
    user,
    missedSteps: 0,
  };
}

/** A word is "word"; they stand in the text one behind the other. */
function toTiming(
  [startMs, endMs]: readonly [number, number],
  index: number,
): {
  text: string;
  startSample: number;
  endSample: number;
  textStart: number;
  textEnd: number;
} {
  return {
    text: "word",
    startSample: startMs * SAMPLES_PER_MS,
    endSample: endMs * SAMPLES_PER_MS,
    textStart: index * 5,
    textEnd: index * 5 + 4,
  };
}

function toFrames(
  turn: number,
  words: SyntheticTurn["words"],
  voiceAt: (sample: number) => number,
): PlayedConversation["frames"] {
  const start = (words[0]?.[0] ?? 0) * SAMPLES_PER_MS;
  const end = (words.at(-1)?.[1] ?? 0) * SAMPLES_PER_MS;
  return Array.from({ length: Math.ceil((end - start) / VOICE_FRAME_SAMPLES) }, (_, index) => {
    const sampleIndex = start + index * VOICE_FRAME_SAMPLES;
    return {
      turn,
      sampleIndex,
      pcm: Int16Array.from({ length: VOICE_FRAME_SAMPLES }, (_, at) => voiceAt(sampleIndex + at)),
    };
  });
}

export function userEvent(kind: UserEventKind, startMs: number, endMs: number): UserEvent {
  return {
    kind,
    detail: "",
    text: "",
    voice: "",
    levelDb: -26,
    startMs,
    endMs,
    pauses: [],
    isOverAgent: kind !== "question",
    place: undefined,
  };
}

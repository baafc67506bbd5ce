import type { WordTiming } from "#contracts/protocol/server-message";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import type { TalkEvent } from "#contracts/events/talk-event";
import type { PlayedTrace } from "./overlaps";
import { STEP_MS, STEP_SAMPLES, type TraceStep } from "./speaker-trace";

/** A word of which less has left the speaker was not heard. */
const HEARD_RATIO = 0.5;
const SAMPLES_PER_MS = VOICE_SAMPLE_RATE_HZ / 1000;

/** Words by which the heard text of each cut turn is longer (+) or shorter (−) than what the speaker really played. */
export function heardTextErrors({ steps, events }: PlayedTrace): number[] {
  return events.flatMap((event) => {
    if (event.type !== "agent-turn-end" || event.reason !== "interrupted") return [];
    const played = playedText(events, event.turn, playedSpans(steps, event.turn));
    return [countWords(event.heardText) - countWords(played)];
  });
}

/** Where a word was to be played, and while that was so: what is sent again after a silence gets another place. */
interface PlacedWord extends WordTiming {
  fromMs: number;
  untilMs: number;
}

function placesOf(events: readonly TalkEvent[], turn: number): PlacedWord[] {
  const timings = events.flatMap((event) =>
    event.type === "agent-word-timings" && event.turn === turn ? [{ fromMs: event.atMs, words: event.words }] : [],
  );
  return timings.flatMap(({ fromMs, words }, index) =>
    words.map((word) => {
      const replaced = timings
        .slice(index + 1)
        .find((later) => later.words.some((w) => w.textStart === word.textStart));
      return { ...word, fromMs, untilMs: replaced?.fromMs ?? Infinity };
    }),
  );
}

/**
 * The turn's text up to the end of the last word that was played. Its words are counted as those of `heardText`: the voice times
 * "built-in" as two.
 */
function playedText(events: readonly TalkEvent[], turn: number, played: readonly Span[]): string {
  const heard = placesOf(events, turn).filter((word) => playedRatio(word, played) >= HEARD_RATIO);
  const text = events.map((event) => (event.type === "agent-text-delta" && event.turn === turn ? event.text : ""));
  return text.join("").slice(0, Math.max(0, ...heard.map((word) => word.textEnd)));
}

interface Span {
  start: number;
  end: number;
  /** When its first sample left the speaker. */
  fromMs: number;
}

/**
 * Runs of samples of the turn that left the speaker, on the agent's clock. Words of a cut turn that were never sent may have
 * places there that the next turn takes.
 */
function playedSpans(steps: readonly TraceStep[], turn: number): Span[] {
  const spans: Span[] = [];
  steps.forEach(({ positionSamples: end, turn: playedTurn }, index) => {
    const before = steps[index - 1]?.positionSamples ?? 0;
    if (end === before || playedTurn !== turn) return;
    // A jump: how much of the step was played after it is not known; at most all of it.
    const start = end - before > STEP_SAMPLES ? end - STEP_SAMPLES : before;
    const last = spans.at(-1);
    if (last?.end === start) last.end = end;
    else spans.push({ start, end, fromMs: index * STEP_MS });
  });
  return spans;
}

function playedRatio({ startSample, endSample, fromMs, untilMs }: PlacedWord, spans: readonly Span[]): number {
  const played = spans.reduce((sum, span) => {
    const start = Math.max(startSample, span.start, span.start + (fromMs - span.fromMs) * SAMPLES_PER_MS);
    const end = Math.min(endSample, span.end, span.start + (untilMs - span.fromMs) * SAMPLES_PER_MS);
    return sum + Math.max(0, end - start);
  }, 0);
  return endSample === startSample ? 0 : played / (endSample - startSample);
}

function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

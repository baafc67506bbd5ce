import type { WordTiming } from "#contracts/protocol/server-message";
import type { PlayedTrace } from "./overlaps";
import { STEP_SAMPLES, type TraceStep } from "./speaker-trace";

/** A word of which less has left the speaker was not heard. */
const HEARD_RATIO = 0.5;

/** Words by which the heard text of each cut turn is longer (+) or shorter (−) than what the speaker really played. */
export function heardTextErrors({ steps, events }: PlayedTrace): number[] {
  return events.flatMap((event) => {
    if (event.type !== "agent-turn-end" || event.reason !== "interrupted") return [];
    const timings = events.flatMap((other) =>
      other.type === "agent-word-timings" && other.turn === event.turn ? other.words : [],
    );
    return [countWords(event.heardText) - countHeard(timings, playedSpans(steps, event.turn))];
  });
}

/** How many words there are up to the last one that was played, each place in the text counted once. */
function countHeard(timings: readonly WordTiming[], played: readonly Span[]): number {
  const heard = timings.filter((word) => playedRatio(word, played) >= HEARD_RATIO);
  const end = Math.max(0, ...heard.map((word) => word.textEnd));
  return new Set(timings.filter((word) => word.textEnd <= end).map((word) => word.textStart)).size;
}

interface Span {
  start: number;
  end: number;
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
    else spans.push({ start, end });
  });
  return spans;
}

function playedRatio({ startSample, endSample }: WordTiming, spans: readonly Span[]): number {
  const played = spans.reduce(
    (sum, span) => sum + Math.max(0, Math.min(endSample, span.end) - Math.max(startSample, span.start)),
    0,
  );
  return endSample === startSample ? 0 : played / (endSample - startSample);
}

function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}

import type { TalkEvent } from "#contracts/events/talk-event";
import type { UserEvent } from "../user/user-sound";
import { STEP_MS, STEP_SAMPLES, type TraceStep } from "./speaker-trace";

/** Time to yield to a real interruption (τ-voice: no_yield_window_sec). */
export const YIELD_WINDOW_MS = 2_000;
/** After a sound that is no interruption, a stop within this time counts against the agent (τ-voice: 1 s). */
export const SELECTIVITY_WINDOW_MS = 1_000;
/** Silence that the agent adds to its speech; a longer one is a stop. docs/specs/score.md says why. */
export const NATURAL_PAUSE_MS = 300;
/** Within 2 dB of the 12 dB by which the agent is ducked. */
const DUCKED_DB = -10;
/** The agent is not ducked if this has not come by then. */
const DUCK_WINDOW_MS = 1_000;

export type InterruptionOutcome =
  /** Silent for good; `silentMs`: from the onset to the end of its last sound. */
  | { type: "yielded"; silentMs: number; duckMs: number | undefined }
  | { type: "talked-on"; duckMs: number | undefined }
  /** It had said all before it could yield, or was not speaking. */
  | { type: "unscored" };

export type SelectivityOutcome =
  /** `addedSilenceMs`: the longest that the event caused; 0 as a rule. */
  { type: "kept-talking"; addedSilenceMs: number } | { type: "stopped" } | { type: "unscored" };

export interface PlayedTrace {
  steps: readonly TraceStep[];
  events: readonly TalkEvent[];
}

/** What the agent did when it was interrupted. */
export function judgeInterruption({ steps, events }: PlayedTrace, { startMs }: UserEvent): InterruptionOutcome {
  const turn = turnAt({ steps, events }, startMs);
  if (turn === undefined) return { type: "unscored" };
  const last = steps.findLastIndex((step) => step.isSounding && step.turn === turn);
  const silentMs = Math.max(0, (last + 1) * STEP_MS - startMs);
  if (silentMs > YIELD_WINDOW_MS) return { type: "talked-on", duckMs: duckAfter(steps, startMs) };
  if (endOf(events, turn)?.reason === "completed") return { type: "unscored" };
  return { type: "yielded", silentMs, duckMs: duckAfter(steps, startMs) };
}

/** Whether the agent talked on over a sound that was no interruption. */
export function judgeSelectivity({ steps, events }: PlayedTrace, { startMs, endMs }: UserEvent): SelectivityOutcome {
  const onset = toStep(startMs);
  const turn = turnAt({ steps, events }, startMs);
  if (turn === undefined) return { type: "unscored" };
  const windowEnd = toStep(endMs + SELECTIVITY_WINDOW_MS);
  const last = steps.findLastIndex((step) => step.isSounding && step.turn === turn);
  if (last < windowEnd) return { type: endOf(events, turn)?.reason === "completed" ? "unscored" : "stopped" };
  const addedSilenceMs = longestAddedSilenceMs(steps, { from: onset, to: windowEnd });
  return addedSilenceMs > NATURAL_PAUSE_MS ? { type: "stopped" } : { type: "kept-talking", addedSilenceMs };
}

/** The longest silence that begins between the steps and that is not in the voice itself, ms. */
export function longestAddedSilenceMs(steps: readonly TraceStep[], { from, to }: { from: number; to: number }): number {
  let longest = 0;
  for (let at = Math.max(0, from); at < Math.min(to, steps.length); at++) {
    if (steps[at]?.isSounding === true) continue;
    let end = at;
    while (end < steps.length && steps[end]?.isSounding !== true) end++;
    if (end < steps.length) longest = Math.max(longest, addedSteps(steps.slice(at, end)) * STEP_MS);
    at = end;
  }
  return longest;
}

/**
 * Of a silence: the steps in which the speaker stood still. Where its position moves on, the voice itself is silent, as it would
 * have been anyway; but not when the position has jumped, for then that silence belongs to something said once more.
 */
function addedSteps(silence: readonly TraceStep[]): number {
  const stood = silence.findIndex((step) => !step.isContinuous);
  if (stood < 0) return 0;
  const [first, last] = [silence[0], silence.at(-1)];
  const movedSamples = (last?.positionSamples ?? 0) - (first?.positionSamples ?? 0);
  const hasJumped = movedSamples > silence.length * STEP_SAMPLES;
  return hasJumped ? silence.length - stood : silence.filter((step) => !step.isContinuous).length;
}

/** From the onset to the end of the last sound at full level before the agent is ducked or silent; undefined when it is not. */
function duckAfter(steps: readonly TraceStep[], startMs: number): number | undefined {
  const onset = toStep(startMs);
  let fullUntilMs = startMs;
  for (let at = onset; at < onset + DUCK_WINDOW_MS / STEP_MS; at++) {
    const step = steps[at];
    if (step === undefined || (!step.isContinuous && !step.isSounding)) return fullUntilMs - startMs;
    if (step.gainDb === undefined) continue;
    if (step.gainDb <= DUCKED_DB) return fullUntilMs - startMs;
    fullUntilMs = Math.max(fullUntilMs, (at + 1) * STEP_MS);
  }
  return undefined;
}

/** The turn in the middle of which the instant lies. */
function turnAt({ steps, events }: PlayedTrace, atMs: number): number | undefined {
  const turn = steps[toStep(atMs)]?.turn;
  if (turn === undefined) return undefined;
  const end = endOf(events, turn);
  return end !== undefined && end.atMs < atMs ? undefined : turn;
}

function endOf(events: readonly TalkEvent[], turn: number): Extract<TalkEvent, { type: "agent-turn-end" }> | undefined {
  return events.filter((event) => event.type === "agent-turn-end").find((event) => event.turn === turn);
}

function toStep(ms: number): number {
  return Math.floor(ms / STEP_MS);
}

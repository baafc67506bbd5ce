import type { UserEvent } from "../user/user-sound";
import { longestAddedSilenceMs, NATURAL_PAUSE_MS, type PlayedTrace } from "./overlaps";
import { STEP_MS } from "./speaker-trace";

/** What the user does has its effect within this time, ms. */
const EFFECT_MS = 3_000;

export interface SelfInterruptions {
  /** Turns that were cut or held up although the user had made no sound. */
  stops: number;
  /** Turns that answered something although the user had said nothing. */
  answers: number;
  /** Time for which the agent was audible, ms. */
  agentMs: number;
}

/** What the agent did to itself. */
export function countSelfInterruptions(trace: PlayedTrace, user: readonly UserEvent[]): SelfInterruptions {
  const { steps, events } = trace;
  const isUsers = (atMs: number): boolean =>
    user.some((event) => atMs >= event.startMs && atMs <= event.endMs + EFFECT_MS);
  const turns = [...new Set(steps.flatMap((step) => (step.isSounding && step.turn !== undefined ? [step.turn] : [])))];
  let [stops, answers] = [0, 0];
  for (const turn of turns) {
    const first = steps.findIndex((step) => step.isSounding && step.turn === turn);
    const last = steps.findLastIndex((step) => step.isSounding && step.turn === turn);
    const isCut = events.some(
      (event) => event.type === "agent-turn-end" && event.turn === turn && event.reason === "interrupted",
    );
    if (isCut && !isUsers(last * STEP_MS)) stops++;
    else if (isHeldUp(trace, { first, last, isUsers })) stops++;
    if (!isUsers(first * STEP_MS)) answers++;
  }
  return { stops, answers, agentMs: steps.filter((step) => step.isSounding).length * STEP_MS };
}

function isHeldUp(
  { steps }: PlayedTrace,
  turn: { first: number; last: number; isUsers(atMs: number): boolean },
): boolean {
  for (let at = turn.first; at < turn.last; at++) {
    if (steps[at]?.isSounding === true || turn.isUsers(at * STEP_MS)) continue;
    let end = at;
    while (steps[end]?.isSounding === false) end++;
    if (longestAddedSilenceMs(steps, { from: at, to: at + 1 }) > NATURAL_PAUSE_MS) return true;
    at = end;
  }
  return false;
}

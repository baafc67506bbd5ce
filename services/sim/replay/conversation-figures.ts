import type { TalkEvent } from "#contracts/events/talk-event";
import { judgeConversation, type JudgedTurn } from "./judge-conversation";

/** A conversation in numbers; docs/specs/simulation.md defines each. */
export interface ConversationFigures {
  /** Turns of the user with words. */
  userTurnCount: number;
  agentTurnCount: number;
  interruptionCount: number;
  /** [SM8] */
  falseStopCount: number;
  /** [SM7] */
  cutOffCount: number;
  /** Answers taken back before they were audible. */
  withdrawnAnswerCount: number;
  /** Speech or noise over the agent that did not stop it. */
  talkedThroughCount: number;
  errorCount: number;
  /** Undefined while no answer was audible. */
  firstAudioLatencyP50Ms: number | undefined;
  firstAudioLatencyP95Ms: number | undefined;
}

export function figuresOf(events: readonly TalkEvent[]): ConversationFigures {
  const turns = judgeConversation(events);
  const countOf = (isCounted: (turn: JudgedTurn) => boolean): number => turns.filter(isCounted).length;
  const latenciesMs = turns.flatMap((turn) => turn.firstAudioLatencyMs ?? []);
  return {
    userTurnCount: events.filter((event) => event.type === "user-transcript-end" && event.text !== "").length,
    agentTurnCount: turns.length,
    interruptionCount: countOf((turn) => turn.reason === "interrupted"),
    falseStopCount: countOf((turn) => turn.isFalseStop),
    cutOffCount: countOf((turn) => turn.isCutOff),
    withdrawnAnswerCount: countOf((turn) => turn.reason === "superseded"),
    talkedThroughCount: events.filter((event) => event.type === "overlap" && event.verdict !== "interruption").length,
    errorCount: events.filter((event) => event.type === "error").length,
    firstAudioLatencyP50Ms: nearestRank(latenciesMs, 0.5),
    firstAudioLatencyP95Ms: nearestRank(latenciesMs, 0.95),
  };
}

/** The smallest value that at least this share of all values does not exceed. */
function nearestRank(values: readonly number[], ratio: number): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.max(1, Math.ceil(ratio * values.length)) - 1];
}

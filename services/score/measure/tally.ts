import { assertNever } from "#core/lifecycle/assert-never";
import { countSelfInterruptions, type SelfInterruptions } from "./self-interruptions";
import { heardTextErrors } from "./heard-words";
import { judgeOutOfTurn, type OutOfTurnOutcome } from "./out-of-turn";
import { judgeInterruption, judgeSelectivity, type InterruptionOutcome, type SelectivityOutcome } from "./overlaps";
import { judgeQuestion, type QuestionOutcome } from "./questions";
import { traceSpeaker, type PlayedConversation } from "./speaker-trace";
import { readWaterfall, type Waterfall } from "./waterfall";
import type { UserEvent } from "../user/user-sound";

/** All that was judged in conversations, ready to be counted. */
export interface Tally {
  questions: { event: UserEvent; outcome: QuestionOutcome }[];
  interruptions: { event: UserEvent; outcome: InterruptionOutcome }[];
  /** Backchannels, noises and side talk over the agent. */
  ignorables: { event: UserEvent; outcome: SelectivityOutcome }[];
  /** Noises and side talk while the agent is silent. */
  outOfTurn: { event: UserEvent; outcome: OutOfTurnOutcome }[];
  /** Of the questions that were answered. */
  waterfalls: Waterfall[];
  heardTextErrors: number[];
  self: SelfInterruptions;
  /** Scripted events that did not take place. */
  missedSteps: number;
  /** Length of the conversations, ms. */
  durationMs: number;
}

export const EMPTY_TALLY: Tally = {
  questions: [],
  interruptions: [],
  ignorables: [],
  outOfTurn: [],
  waterfalls: [],
  heardTextErrors: [],
  self: { stops: 0, answers: 0, agentMs: 0 },
  missedSteps: 0,
  durationMs: 0,
};

/** Judges one conversation. */
export function tallyConversation(conversation: PlayedConversation): Tally {
  const steps = traceSpeaker(conversation);
  const trace = { steps, events: conversation.events };
  const { user } = conversation;
  const isIgnorable = ({ kind }: UserEvent): boolean =>
    kind === "backchannel" || kind === "noise" || kind === "side-talk";
  const questions = user
    .filter((event) => event.kind === "question" && !event.isOverAgent)
    .map((event) => ({ event, outcome: judgeQuestion(steps, event) }));
  return {
    questions,
    waterfalls: questions.flatMap(({ event, outcome }) => {
      if (outcome.type !== "answered" || outcome.turn === undefined) return [];
      const answer = { turn: outcome.turn, userEndMs: event.endMs, audibleMs: event.endMs + outcome.latencyMs };
      return [readWaterfall(conversation.events, answer)];
    }),
    interruptions: user
      .filter((event) => event.kind === "interruption")
      .map((event) => ({ event, outcome: judgeInterruption(trace, event) })),
    ignorables: user
      .filter((event) => isIgnorable(event) && event.isOverAgent)
      .map((event) => ({ event, outcome: judgeSelectivity(trace, event) })),
    outOfTurn: user
      .filter((event) => isIgnorable(event) && !event.isOverAgent)
      .map((event) => ({ event, outcome: judgeOutOfTurn(steps, event) })),
    heardTextErrors: heardTextErrors(trace),
    self: countSelfInterruptions(trace, user),
    missedSteps: conversation.missedSteps,
    durationMs: steps.length * 10,
  };
}

/** What was judged, in the order of the conversation. */
export type JudgedEvent = {
  event: UserEvent;
  outcome: QuestionOutcome | InterruptionOutcome | SelectivityOutcome | OutOfTurnOutcome;
};

export function judgedEvents({ questions, interruptions, ignorables, outOfTurn }: Tally): JudgedEvent[] {
  return [...questions, ...interruptions, ...ignorables, ...outOfTurn].sort(
    (a, b) => a.event.startMs - b.event.startMs,
  );
}

/** For a person. */
export function describeOutcome({ outcome }: JudgedEvent): string {
  switch (outcome.type) {
    case "answered":
      return `answered after ${Math.round(outcome.latencyMs)} ms`;
    case "cut-off":
      return `CUT OFF after ${Math.round(outcome.afterMs)} ms`;
    case "unanswered":
      return "NOT ANSWERED";
    case "yielded":
      return `yielded, silent after ${Math.round(outcome.silentMs)} ms`;
    case "talked-on":
      return "TALKED ON";
    case "kept-talking":
      return outcome.addedSilenceMs === 0 ? "kept talking" : `kept talking, held up for ${outcome.addedSilenceMs} ms`;
    case "stopped":
      return "STOPPED";
    case "stayed-silent":
      return "stayed silent";
    case "responded":
      return "RESPONDED";
    case "unscored":
      return "not scored";
    default:
      return assertNever(outcome);
  }
}

export function addTallies(first: Tally, second: Tally): Tally {
  return {
    questions: [...first.questions, ...second.questions],
    interruptions: [...first.interruptions, ...second.interruptions],
    ignorables: [...first.ignorables, ...second.ignorables],
    outOfTurn: [...first.outOfTurn, ...second.outOfTurn],
    waterfalls: [...first.waterfalls, ...second.waterfalls],
    heardTextErrors: [...first.heardTextErrors, ...second.heardTextErrors],
    self: {
      stops: first.self.stops + second.self.stops,
      answers: first.self.answers + second.self.answers,
      agentMs: first.self.agentMs + second.self.agentMs,
    },
    missedSteps: first.missedSteps + second.missedSteps,
    durationMs: first.durationMs + second.durationMs,
  };
}

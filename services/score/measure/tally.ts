import { assertNever } from "#core/lifecycle/assert-never";
import { countSelfInterruptions, type SelfInterruptions } from "./self-interruptions";
import { heardTextErrors } from "./heard-words";
import { judgeInterruption, judgeSelectivity, type InterruptionOutcome, type SelectivityOutcome } from "./overlaps";
import { judgeQuestion, type QuestionOutcome } from "./questions";
import { traceSpeaker, type PlayedConversation } from "./speaker-trace";
import type { UserEvent } from "../user/user-sound";

/** All that was judged in conversations, ready to be counted. */
export interface Tally {
  questions: { event: UserEvent; outcome: QuestionOutcome }[];
  interruptions: { event: UserEvent; outcome: InterruptionOutcome }[];
  /** Backchannels, noises and side talk over the agent. */
  ignorables: { event: UserEvent; outcome: SelectivityOutcome }[];
  heardTextErrors: number[];
  self: SelfInterruptions;
  /** Length of the conversations, ms. */
  durationMs: number;
}

export const EMPTY_TALLY: Tally = {
  questions: [],
  interruptions: [],
  ignorables: [],
  heardTextErrors: [],
  self: { stops: 0, answers: 0, agentMs: 0 },
  durationMs: 0,
};

/** Judges one conversation. */
export function tallyConversation(conversation: PlayedConversation): Tally {
  const steps = traceSpeaker(conversation);
  const trace = { steps, events: conversation.events };
  const { user } = conversation;
  const isIgnorable = ({ kind }: UserEvent): boolean =>
    kind === "backchannel" || kind === "noise" || kind === "side-talk";
  return {
    questions: user
      .filter((event) => event.kind === "question" && !event.isOverAgent)
      .map((event) => ({ event, outcome: judgeQuestion(steps, event) })),
    interruptions: user
      .filter((event) => event.kind === "interruption")
      .map((event) => ({ event, outcome: judgeInterruption(trace, event) })),
    ignorables: user
      .filter((event) => isIgnorable(event) && event.isOverAgent)
      .map((event) => ({ event, outcome: judgeSelectivity(trace, event) })),
    heardTextErrors: heardTextErrors(trace),
    self: countSelfInterruptions(trace, user),
    durationMs: steps.length * 10,
  };
}

/** What was judged, in the order of the conversation. */
export type JudgedEvent = { event: UserEvent; outcome: QuestionOutcome | InterruptionOutcome | SelectivityOutcome };

export function judgedEvents({ questions, interruptions, ignorables }: Tally): JudgedEvent[] {
  return [...questions, ...interruptions, ...ignorables].sort((a, b) => a.event.startMs - b.event.startMs);
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
    heardTextErrors: [...first.heardTextErrors, ...second.heardTextErrors],
    self: {
      stops: first.self.stops + second.self.stops,
      answers: first.self.answers + second.self.answers,
      agentMs: first.self.agentMs + second.self.agentMs,
    },
    durationMs: first.durationMs + second.durationMs,
  };
}

import { AppError } from "#contracts/errors";
import { EMPTY_CONVERSATION, type Conversation } from "#core/client/conversation";
import type { SessionStarted } from "#core/client/session-events";
import { AudioProblem } from "../../audio/audio-problem";

export type ConversationPhase = "idle" | "opening-microphone" | "connecting" | "active" | "resuming" | "ended";

/** Something to tell the person: what happened and what to do. One of a code at a time. */
export interface Problem {
  code: string;
  words: string;
  action: string;
}

/** Everything the conversation's screen shows. */
export interface ConversationView {
  phase: ConversationPhase;
  hasMicrophone: boolean;
  isAgentAudible: boolean;
  isSoundPaused: boolean;
  conversation: Conversation;
  /** The session that runs, or the last one. */
  session: SessionStarted | undefined;
  /** Chosen by the person; undefined for the orchestrator's default. */
  voice: string | undefined;
  problems: readonly Problem[];
}

export const INITIAL_VIEW: ConversationView = {
  phase: "idle",
  hasMicrophone: false,
  isAgentAudible: false,
  isSoundPaused: false,
  conversation: EMPTY_CONVERSATION,
  session: undefined,
  voice: undefined,
  problems: [],
};

/** True while there is, or is about to be, a session. */
export function isRunning(phase: ConversationPhase): boolean {
  return phase !== "idle" && phase !== "ended";
}

export function toProblem(error: unknown): Problem {
  const known =
    error instanceof AudioProblem || error instanceof AppError ? error : new AppError("internal", { cause: error });
  return { code: known.code, words: known.message, action: known.action };
}

export function withProblem(view: ConversationView, problem: Problem): ConversationView {
  return { ...view, problems: [...withoutProblem(view, problem.code).problems, problem] };
}

export function withoutProblem(view: ConversationView, code: string): ConversationView {
  return { ...view, problems: view.problems.filter((problem) => problem.code !== code) };
}

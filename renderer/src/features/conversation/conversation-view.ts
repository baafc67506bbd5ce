import { AppError } from "#contracts/errors";
import { EMPTY_CONVERSATION, type Conversation } from "#core/client/conversation";
import type { SessionStarted } from "#core/client/session-events";
import type { RecordingScope } from "#contracts/recording/recording";
import type { ServerMessage, TurnMetrics } from "#contracts/protocol/server-message";
import { AudioProblem } from "../../audio/audio-problem";

export type ConversationPhase = "idle" | "opening-microphone" | "connecting" | "active" | "resuming" | "ended";

/** Something to tell the person: what happened and what to do. One of a code at a time. */
export interface Problem {
  code: string;
  words: string;
  action: string;
}

/** How far the listener has come in the text of a turn: `text` up to `heardEnd` is past, up to `wordEnd` is the word being heard. */
export interface Caption {
  turn: number;
  /** UTF-16 offsets. */
  heardEnd: number;
  wordEnd: number;
}

/** Everything the conversation's screen shows. */
export type DuplexNotice = Extract<ServerMessage, { type: "duplex" }>;

export interface ConversationView {
  phase: ConversationPhase;
  hasMicrophone: boolean;
  /** The microphone stays open and what it brings stays here. */
  isMuted: boolean;
  /** Neither side is heard; the agent's voice stands still in mid-word and goes on from there. */
  isPaused: boolean;
  /** Heard only while the person holds the key or the button. */
  isPushToTalk: boolean;
  isHolding: boolean;
  isAgentAudible: boolean;
  /** For a moment after the agent was cut off. */
  isCutOff: boolean;
  isSoundPaused: boolean;
  caption: Caption | undefined;
  /** Of the answers of this conversation, oldest first. */
  turnMetrics: readonly TurnMetrics[];
  conversation: Conversation;
  /** The session that runs, or the last one. */
  session: SessionStarted | undefined;
  /** How strong the echo is, as the orchestrator said last; undefined: weak. */
  duplex: DuplexNotice | undefined;
  /** What is kept of the session that runs. */
  recording: RecordingScope;
  /** Chosen by the person; undefined for the orchestrator's default. */
  voice: string | undefined;
  problems: readonly Problem[];
}

export const INITIAL_VIEW: ConversationView = {
  phase: "idle",
  hasMicrophone: false,
  isMuted: false,
  isPaused: false,
  isPushToTalk: false,
  isHolding: false,
  isAgentAudible: false,
  isCutOff: false,
  isSoundPaused: false,
  caption: undefined,
  turnMetrics: [],
  conversation: EMPTY_CONVERSATION,
  session: undefined,
  duplex: undefined,
  recording: "off",
  voice: undefined,
  problems: [],
};

/** True while there is, or is about to be, a session. */
export function isRunning(phase: ConversationPhase): boolean {
  return phase !== "idle" && phase !== "ended";
}

/** False when nothing that the microphone brings may leave this computer. */
export function isMicLive(view: ConversationView): boolean {
  return view.hasMicrophone && !view.isMuted && !view.isPaused && (!view.isPushToTalk || view.isHolding);
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

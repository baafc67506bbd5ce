import type { AgentTurnEndReason, ConversationState, OverlapVerdict } from "#contracts/protocol/server-message";

/** The user's turn while it is being spoken. */
export interface UserTurn {
  /** Words of an earlier utterance whose answer was withdrawn before a word of it was heard; they are answered together. */
  carriedText: string;
  isSpeaking: boolean;
}

/** Someone speaks while the agent has the turn. */
export interface Overlap {
  /**
   * - suspected: one voiced window, which may yet be nothing; nothing is collected
   * - open: collected, and not yet decided
   * - held: as open, and the agent waits in silence
   * - dismissed: no interruption so far; it may still become one while the speech goes on
   */
  stage: "suspected" | "open" | "held" | "dismissed";
  /** When the speech ended, session clock; undefined while it goes on. */
  endedAtMs: number | undefined;
  /** It began before a word of the agent's was heard. */
  isEarly: boolean;
}

export type TurnState =
  | { type: "listening"; user: UserTurn }
  | {
      type: "endpointing";
      user: UserTurn;
      /** The transcript of all that was said, once it is there; the endpoint delay runs from then on. */
      finalText: string | undefined;
      speechEndAtMs: number;
      /**
       * - none: it is quiet
       * - suspected: one window sounded like speech; the delay still runs
       * - awaited: the delay is over, and the turn with it, unless that was speech
       */
      resumption: "none" | "suspected" | "awaited";
    }
  | {
      type: "responding";
      turn: number;
      userText: string;
      isAudible: boolean;
      /** A word of it was heard. */
      isHeard: boolean;
      overlap: Overlap | undefined;
    }
  /** The agent was stopped by the user, who is still speaking. */
  | { type: "interrupted"; turn: number; user: UserTurn }
  | { type: "draining"; turn: number }
  | { type: "ended" };

/** The whole of a session's turn-taking. */
export interface TurnModel {
  state: TurnState;
  /** Agent turns begun so far; the first one is 1. */
  turnCount: number;
  /** Number of the newest request for a final transcript; answers to older ones are ignored. */
  transcriptRevision: number;
}

export type TurnEvent =
  /** One window sounded like speech; `user-speech-start` or `user-speech-unconfirmed` follows. */
  | { type: "user-speech-suspected" }
  | { type: "user-speech-unconfirmed" }
  | { type: "user-speech-start" }
  /** `speechEndAtMs`: when the speech ended, which is earlier than its detection; session clock. */
  | { type: "user-speech-end"; speechEndAtMs: number }
  /** `endpointDelayMs`: silence after which these words end the turn; `silenceMs`: how long it has lasted already. */
  | {
      type: "final-transcript";
      revision: number;
      text: string;
      endpointDelayMs: number;
      silenceMs: number;
      /** The words are finished enough for an answer to be prepared while the delay runs [TT32]. */
      isWorthPreparing: boolean;
    }
  | { type: "endpoint-delay-over" }
  /** Sent with every window while the user speaks. `speechMs`: length of the speech so far. */
  | { type: "user-speech-continues"; speechMs: number }
  /** The agent should be silent until more is known, or need not be any longer. */
  | { type: "overlap-doubted"; isDoubtful: boolean }
  /** May come several times while the speech goes on, and comes once after its end. */
  | {
      type: "overlap-judged";
      verdict: OverlapVerdict;
      /** Its words take the floor, whatever was said before them. Default: false. */
      isCommand?: boolean;
    }
  | { type: "text-input"; text: string }
  | { type: "stop-requested" }
  | { type: "agent-audible"; turn: number }
  /** What the user says from now on, he says after he has heard a word of the turn. */
  | { type: "agent-heard"; turn: number }
  /** All of the agent's turn has been heard, or it failed and nothing more will come. */
  | { type: "agent-finished"; turn: number; reason: AgentTurnEndReason }
  | { type: "drain" }
  | { type: "end" };

export type TurnTimer = "endpoint-delay-over";

export type TurnEffect =
  | { type: "start-timer"; timer: TurnTimer; delayMs: number }
  | { type: "cancel-timer"; timer: TurnTimer }
  /** Begin to collect the user's turn (with pre-roll); nothing happens when it is being collected already. */
  | { type: "listen" }
  /** As `listen`, and what is said is judged: `overlap-judged` answers. */
  | { type: "watch-overlap" }
  /** Nothing more of the overlap follows; judge it now. */
  | { type: "settle-overlap" }
  | { type: "request-transcript"; revision: number }
  /** Forget what was collected. */
  | { type: "forget-utterance" }
  | { type: "user-turn-ended"; text: string }
  /** Work on the answer, but let nothing of it be heard, seen or remembered until it is started. */
  | { type: "prepare-agent-turn"; turn: number; userText: string; speechEndAtMs: number }
  | { type: "discard-prepared-turn" }
  /** Starts the turn, or sets free the one that was prepared for the same words. */
  | { type: "start-agent-turn"; turn: number; userText: string; speechEndAtMs: number | undefined }
  | { type: "stop-agent-turn"; turn: number; reason: AgentTurnEndReason }
  | { type: "duck" }
  | { type: "unduck" }
  /** The agent falls silent in mid-word and keeps the rest. */
  | { type: "hold-agent"; turn: number }
  /** It goes on. `verdict`: what it was silent for; undefined when that is still open or does not matter. */
  | { type: "resume-agent"; turn: number; verdict: OverlapVerdict | undefined }
  | { type: "state-changed"; state: ConversationState }
  | { type: "close-session" };

export interface TurnConfig {
  /** This much speech before the answer can be heard takes it back, ms. */
  minInterruptionMs: number;
}

export const QUIET_USER: UserTurn = { carriedText: "", isSpeaking: false };

export function createTurnModel(): TurnModel {
  return { state: { type: "listening", user: QUIET_USER }, turnCount: 0, transcriptRevision: 0 };
}

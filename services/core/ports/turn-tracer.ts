import type { TurnMetrics } from "#contracts/protocol/server-message";

/** An agent turn that is over: ids and times, never words. */
export interface FinishedTurn {
  sessionId: string;
  turn: number;
  reason: string;
  /** End of the user's speech, from which all stages count; on this process's clock, as the next. */
  originAtMs: number;
  endedAtMs: number;
  metrics: TurnMetrics;
}

/** Tells somebody outside how each turn went. Never throws and never waits. */
export interface TurnTracer {
  turnEnded(turn: FinishedTurn): void;
}

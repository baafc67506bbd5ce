import type { UserEvent } from "../user/user-sound";
import { STEP_MS, type TraceStep } from "./speaker-trace";

/** What the agent says after that is no answer (τ-voice: *_response_window_sec). */
const RESPONSE_WINDOW_MS = 2_000;

export type OutOfTurnOutcome = { type: "stayed-silent" } | { type: "responded" };

/** Whether the agent answered a noise or side talk that came while it was silent. */
export function judgeOutOfTurn(steps: readonly TraceStep[], { startMs, endMs }: UserEvent): OutOfTurnOutcome {
  const from = Math.floor(startMs / STEP_MS);
  const to = Math.ceil((endMs + RESPONSE_WINDOW_MS) / STEP_MS);
  return { type: steps.slice(from, to).some((step) => step.isSounding) ? "responded" : "stayed-silent" };
}

import type { UserEvent } from "../user/user-sound";
import { STEP_MS, type TraceStep } from "./speaker-trace";

/** An answer that has not begun by then does not come, ms. */
const ANSWER_WINDOW_MS = 5_000;

export type QuestionOutcome =
  /** `latencyMs`: from the end of the user's sound to the first sound of the answer at the speaker. */
  | { type: "answered"; latencyMs: number; turn: number | undefined }
  /** The agent began to speak before the user had finished. */
  | { type: "cut-off"; afterMs: number }
  | { type: "unanswered" };

/** What came of a question that was asked while the agent was silent. */
export function judgeQuestion(steps: readonly TraceStep[], { startMs, endMs }: UserEvent): QuestionOutcome {
  const first = steps.findIndex((step, index) => step.isSounding && (index + 1) * STEP_MS > startMs);
  const atMs = first * STEP_MS;
  if (first < 0 || atMs > endMs + ANSWER_WINDOW_MS) return { type: "unanswered" };
  return atMs < endMs
    ? { type: "cut-off", afterMs: atMs - startMs }
    : { type: "answered", latencyMs: atMs - endMs, turn: steps[first]?.turn };
}

import { toWireError, type WireError } from "#contracts/errors";
import type { AdminClient } from "#core/client/admin-client";

/** What the screens need of the link to the orchestrator. */
export type AdminPort = Pick<AdminClient, "call" | "watch" | "subscribe" | "connection">;

/** What went wrong and what to do, in words. */
export type Problem = Pick<WireError, "message" | "action">;

export function toProblem(error: unknown): Problem {
  const { message, action } = toWireError(error);
  return { message, action };
}

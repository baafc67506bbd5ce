import { isMicLive, type ConversationView } from "./conversation-view";

/** What the conversation is doing, as it is drawn; each has a shape and words of its own. */
export type Mood =
  | "idle"
  | "waiting"
  | "listening"
  | "hearing"
  | "thinking"
  | "speaking"
  | "interrupted"
  | "paused"
  | "muted"
  | "typing";

export function moodOf(view: ConversationView): Mood {
  if (view.phase === "idle" || view.phase === "ended") return "idle";
  if (view.phase !== "active") return "waiting";
  const { conversation } = view;
  if (view.isPaused) return "paused";
  if (view.isCutOff) return "interrupted";
  if (conversation.isUserSpeaking) return "hearing";
  if (view.isAgentAudible) return "speaking";
  if (conversation.state === "responding" || conversation.state === "draining") return "thinking";
  if (!view.hasMicrophone) return "typing";
  return isMicLive(view) ? "listening" : "muted";
}

import type { ConversationView } from "./conversation-view";

/** The state of the conversation in words, for eyes and for screen readers. */
export function statusWords(view: ConversationView): string {
  switch (view.phase) {
    case "idle":
      return "Ready when you are";
    case "opening-microphone":
      return "Waiting for the microphone…";
    case "connecting":
      return "Connecting…";
    case "resuming":
      return "Connection lost, reconnecting…";
    case "ended":
      return "Conversation ended";
    case "active":
      return activeWords(view);
  }
}

function activeWords({ conversation, isAgentAudible, hasMicrophone }: ConversationView): string {
  if (conversation.isUserSpeaking) return "Hearing you";
  if (isAgentAudible) return "Speaking";
  if (conversation.state === "responding") return "Thinking…";
  if (conversation.state === "draining") return "Finishing…";
  return hasMicrophone ? "Listening" : "Waiting for your text";
}

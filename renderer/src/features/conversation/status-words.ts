import type { ConversationView } from "./conversation-view";
import { moodOf } from "./mood";

/** The state of the conversation in words, for eyes and for screen readers. */
export function statusWords(view: ConversationView): string {
  switch (moodOf(view)) {
    case "idle":
      return view.phase === "ended" ? "Conversation ended" : "Ready when you are";
    case "waiting":
      return waitingWords(view);
    case "interrupted":
      return view.conversation.isUserSpeaking ? "You cut in" : "Interrupted";
    case "hearing":
      return "Hearing you";
    case "speaking":
      return "Speaking";
    case "thinking":
      return view.conversation.state === "draining" ? "Finishing…" : "Thinking…";
    case "paused":
      return "Paused";
    case "muted":
      return view.isMuted ? "Microphone muted" : "Hold to be heard";
    case "typing":
      return "Waiting for your text";
    case "listening":
      return "Listening";
  }
}

function waitingWords({ phase }: ConversationView): string {
  if (phase === "opening-microphone") return "Waiting for the microphone…";
  return phase === "resuming" ? "Connection lost, reconnecting…" : "Connecting…";
}

/** What the person can do now. */
export function hintWords(view: ConversationView): string {
  if (view.phase === "opening-microphone") return "Your browser may be asking for permission.";
  if (view.phase === "connecting" || view.phase === "resuming") return "One moment.";
  if (view.phase !== "active") return "Press to talk, or type below.";
  if (view.isPaused) return "Parley neither listens nor speaks. Press P to go on.";
  if (!view.hasMicrophone) return "The microphone is off. Typing works.";
  if (view.isMuted) return "Parley does not hear you. Press M to be heard.";
  return "Hold Space, or the button, while you speak.";
}

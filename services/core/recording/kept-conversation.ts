import type { TalkEvent } from "#contracts/events/talk-event";
import type { ConversationRecord, KeptMessage } from "#contracts/recording/kept-conversation";
import type { RecordedSession } from "#contracts/recording/recording";

const MAX_TITLE_CHARS = 80;

export interface RecordingView {
  id: string;
  session: RecordedSession;
  /** As they were written. */
  events: readonly TalkEvent[];
  isRunning: boolean;
}

/** Types of event of which a conversation is made; the others need not be read for it. */
export const CONVERSATION_EVENT_TYPES = [
  "user-speech-start",
  "user-transcript-end",
  "agent-turn-start",
  "agent-turn-end",
] as const satisfies readonly TalkEvent["type"][];

/** The words of a recording, as both sides heard them [TT23]. */
export function toConversation({ id, session, events, isRunning }: RecordingView): ConversationRecord {
  const messages = toMessages(events);
  const first = messages.find(({ role }) => role === "user") ?? messages[0];
  return {
    id,
    startedAt: session.startedAt,
    durationMs: session.durationMs ?? events.reduce((latest, { atMs }) => Math.max(latest, atMs), 0),
    title: shorten(first?.text || first?.unheardText?.trim() || ""),
    turnCount: messages.filter(({ role }) => role === "agent").length,
    hasAudio: session.hasAudio,
    isRunning,
    voice: session.voice,
    brainLabel: session.brainLabel,
    messages,
  };
}

function toMessages(events: readonly TalkEvent[]): KeptMessage[] {
  const messages: KeptMessage[] = [];
  /** Where the user's open turn began. */
  let userAtMs: number | undefined;
  const agentAtMs = new Map<number, number>();
  for (const event of events) {
    switch (event.type) {
      case "user-speech-start":
        userAtMs ??= event.atMs;
        break;
      case "user-transcript-end":
        if (event.text.trim() !== "")
          messages.push({ role: "user", text: event.text.trim(), atMs: userAtMs ?? event.atMs });
        userAtMs = undefined;
        break;
      case "agent-turn-start":
        if (!agentAtMs.has(event.turn)) agentAtMs.set(event.turn, event.atMs);
        break;
      case "agent-turn-end": {
        const { heardText, unheardText, reason, turn } = event;
        // [TT14] the user goes on; the words come once more with what follows.
        if (reason === "superseded") {
          const at = messages.findLastIndex(({ role }) => role === "user");
          if (at !== -1) userAtMs = messages.splice(at, 1)[0]?.atMs;
        } else if (heardText !== "" || unheardText !== "") {
          messages.push({
            role: "agent",
            text: heardText,
            ...(unheardText === "" ? {} : { unheardText }),
            ...(reason === "interrupted" ? { isInterrupted: true } : {}),
            atMs: agentAtMs.get(turn) ?? event.atMs,
          });
        }
        break;
      }
      default:
        break;
    }
  }
  return messages.sort((a, b) => a.atMs - b.atMs);
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= MAX_TITLE_CHARS ? line : `${line.slice(0, MAX_TITLE_CHARS - 1).trimEnd()}…`;
}

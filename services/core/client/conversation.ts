import type {
  AgentTurnEndReason,
  ConversationState,
  ServerMessage,
  WordTiming,
} from "#contracts/protocol/server-message";
import { assertNever } from "../lifecycle/assert-never";

export interface UserEntry {
  type: "user";
  id: number;
  text: string;
  /** False while the text may still change. */
  isFinal: boolean;
  isTyped: boolean;
}

export interface AgentEntry {
  type: "agent";
  id: number;
  turn: number;
  /** What has been, or is being, said. Once the turn has ended: heard text. */
  text: string;
  /** Prepared and never heard, with the gap before it, so that it follows `text`; empty until the turn has ended. */
  unheardText: string;
  /** When each word leaves the speaker, as far as it is known; spans are of `text`. Empty once the turn has ended. */
  words: readonly WordTiming[];
  outcome: "running" | AgentTurnEndReason;
  /** What the user said over it without wanting the floor, newest last. */
  asides?: readonly string[];
}

export type TranscriptEntry = UserEntry | AgentEntry;

/** What both sides have said, as a screen shows it. */
export interface Conversation {
  entries: readonly TranscriptEntry[];
  state: ConversationState | undefined;
  isUserSpeaking: boolean;
  nextId: number;
}

export const EMPTY_CONVERSATION: Conversation = { entries: [], state: undefined, isUserSpeaking: false, nextId: 1 };

/** The conversation after a message; the same object when the message changes nothing. */
export function applyServerMessage(conversation: Conversation, message: ServerMessage): Conversation {
  switch (message.type) {
    case "state":
      return { ...conversation, state: message.state };
    case "user-speech-start":
      return { ...conversation, isUserSpeaking: true };
    case "user-speech-end":
      return { ...conversation, isUserSpeaking: false };
    case "user-transcript-delta":
      return setUserText(conversation, message.text, false);
    case "user-transcript-end":
      return setUserText(conversation, message.text, true);
    case "agent-turn-start":
      return addAgentTurn(conversation, message.turn);
    case "agent-text-delta":
      return updateAgentTurn(conversation, message.turn, (entry) => ({ ...entry, text: entry.text + message.text }));
    case "agent-word-timings":
      return updateAgentTurn(conversation, message.turn, (entry) => ({
        ...entry,
        // Timings that come again replace those from there on [TT34] [TT49].
        words: [
          ...entry.words.filter((word) => word.textStart < (message.words[0]?.textStart ?? Infinity)),
          ...message.words,
        ],
      }));
    case "agent-turn-end":
      return endAgentTurn(conversation, message);
    case "overlap":
      return addAside(conversation, message);
    case "session-started":
    case "flush":
    case "duplex":
    case "mic-notice":
    case "duck":
    case "unduck":
    case "turn-metrics":
    case "recording":
    case "error":
      return conversation;
    default:
      return assertNever(message);
  }
}

/**
 * The conversation is over in the middle of what was said. `heard`: how far the listener had come in a turn's text;
 * undefined before its first word. A turn without timings counts as heard: nobody knows.
 */
export function breakOff(
  conversation: Conversation,
  { heard, outcome }: { heard: { turn: number; heardEnd: number } | undefined; outcome: "interrupted" | "failed" },
): Conversation {
  const entries = conversation.entries.flatMap((entry): TranscriptEntry[] => {
    if (entry.type === "user") return [entry.isFinal ? entry : { ...entry, isFinal: true }];
    if (entry.outcome !== "running") return [entry];
    if (entry.text === "") return [];
    const heardEnd = heard?.turn === entry.turn ? heard.heardEnd : 0;
    const at = entry.words.length === 0 ? entry.text.length : heardEnd;
    return [{ ...entry, text: entry.text.slice(0, at), unheardText: entry.text.slice(at), words: [], outcome }];
  });
  return { ...conversation, entries, isUserSpeaking: false };
}

/** What was said before a conversation was over, above a new session, whose turns are counted anew. */
export function asEarlier({ entries, nextId }: Conversation): Conversation {
  const earlier = entries.map((entry) => (entry.type === "user" ? entry : { ...entry, turn: -entry.id }));
  return { ...EMPTY_CONVERSATION, entries: earlier, nextId };
}

/** The user typed; shown at once. The orchestrator's own echo of the same text does not show it again. */
export function addTypedText(conversation: Conversation, text: string): Conversation {
  return append(conversation, {
    type: "user",
    id: conversation.nextId,
    text: text.trim(),
    isFinal: true,
    isTyped: true,
  });
}

function setUserText(conversation: Conversation, text: string, isFinal: boolean): Conversation {
  const open = conversation.entries.find((entry): entry is UserEntry => entry.type === "user" && !entry.isFinal);
  if (open !== undefined) {
    if (isFinal && text.trim() === "") return without(conversation, open);
    return replace(conversation, open, { ...open, text, isFinal });
  }
  if (text.trim() === "" || (isFinal && isEchoOfTyped(conversation, text))) return conversation;
  return append(conversation, { type: "user", id: conversation.nextId, text, isFinal, isTyped: false });
}

function isEchoOfTyped(conversation: Conversation, text: string): boolean {
  const lastUser = conversation.entries.findLast((entry): entry is UserEntry => entry.type === "user");
  return lastUser !== undefined && lastUser.isTyped && lastUser.text === text.trim();
}

/** After a resume the running turn is announced again, and all of its text and timings follow once more [P10]. */
function addAgentTurn(conversation: Conversation, turn: number): Conversation {
  if (conversation.entries.some((entry) => entry.type === "agent" && entry.turn === turn))
    return updateAgentTurn(conversation, turn, (entry) => ({ ...entry, text: "", words: [] }));
  return append(conversation, {
    type: "agent",
    id: conversation.nextId,
    turn,
    text: "",
    unheardText: "",
    words: [],
    outcome: "running",
  });
}

function endAgentTurn(
  conversation: Conversation,
  end: Extract<ServerMessage, { type: "agent-turn-end" }>,
): Conversation {
  const { turn, heardText, unheardText, reason } = end;
  const leavesNoTrace = reason === "superseded" || (heardText === "" && unheardText === "");
  const entry = conversation.entries.find((candidate) => candidate.type === "agent" && candidate.turn === turn);
  if (leavesNoTrace && entry !== undefined) return without(conversation, entry);
  return updateAgentTurn(conversation, turn, (running) => ({
    ...running,
    text: heardText,
    unheardText: withGap(running.text, heardText, unheardText),
    words: [],
    outcome: reason,
  }));
}

/** The two parts are sent trimmed; what stood between them, a blank, a new line or nothing, is in what was announced. */
function withGap(announced: string, heardText: string, unheardText: string): string {
  if (heardText === "" || unheardText === "") return unheardText;
  const at = announced.startsWith(heardText) ? announced.indexOf(unheardText, heardText.length) : -1;
  const gap = at < 0 ? " " : announced.slice(heardText.length, at);
  return gap.trim() === "" ? gap + unheardText : ` ${unheardText}`;
}

/** A turn is not covered in them. */
const MAX_ASIDES = 3;

/** Coughs and what was not understood leave no mark. */
function addAside(
  conversation: Conversation,
  { turn, verdict, text }: Extract<ServerMessage, { type: "overlap" }>,
): Conversation {
  if (verdict !== "backchannel" || text.trim() === "") return conversation;
  return updateAgentTurn(conversation, turn, (entry) => ({
    ...entry,
    asides: [...(entry.asides ?? []), text.trim()].slice(-MAX_ASIDES),
  }));
}

function updateAgentTurn(
  conversation: Conversation,
  turn: number,
  update: (entry: AgentEntry) => AgentEntry,
): Conversation {
  const entry = conversation.entries.findLast(
    (candidate): candidate is AgentEntry => candidate.type === "agent" && candidate.turn === turn,
  );
  return entry === undefined ? conversation : replace(conversation, entry, update(entry));
}

function append(conversation: Conversation, entry: TranscriptEntry): Conversation {
  return { ...conversation, entries: [...conversation.entries, entry], nextId: conversation.nextId + 1 };
}

function replace(conversation: Conversation, old: TranscriptEntry, entry: TranscriptEntry): Conversation {
  return { ...conversation, entries: conversation.entries.map((candidate) => (candidate === old ? entry : candidate)) };
}

function without(conversation: Conversation, entry: TranscriptEntry): Conversation {
  return { ...conversation, entries: conversation.entries.filter((candidate) => candidate !== entry) };
}

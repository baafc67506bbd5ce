import type { ServerMessage } from "#contracts/protocol/server-message";

type WordTimings = Extract<ServerMessage, { type: "agent-word-timings" }>;

/** Words by the timings that held at the end: later timings of a place in the text replace earlier ones. */
export function spokenWords(events: readonly { type: string }[]): string[] {
  const byPlace = new Map<number, string>();
  for (const event of events) {
    if (!isWordTimings(event)) continue;
    for (const word of event.words) byPlace.set(word.textStart, word.text);
  }
  return [...byPlace.entries()].sort(([a], [b]) => a - b).map(([, word]) => word);
}

function isWordTimings(event: { type: string }): event is Pick<WordTimings, "type" | "words"> {
  return event.type === "agent-word-timings";
}

/** Letters and digits alone: how a hyphenated word is counted does not matter. */
export function lettersOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, "");
}

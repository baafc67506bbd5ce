import type { TalkEvent } from "#contracts/events/talk-event";

/**
 * All that the user was understood to say in a conversation. The text of a turn whose answer was superseded comes again
 * at the head of the next turn's text, so its first coming is left out.
 */
export function joinUserTexts(events: readonly TalkEvent[]): string {
  const texts: string[] = [];
  for (const event of events) {
    if (event.type === "user-transcript-end") texts.push(event.text);
    if (event.type === "agent-turn-end" && event.reason === "superseded") texts.pop();
  }
  return texts.join(" ");
}

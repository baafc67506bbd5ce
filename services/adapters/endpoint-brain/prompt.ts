import type { ModelMessage } from "ai";
import type { BrainMessage } from "#core/ports/brain";

export interface Prompt {
  system: string;
  messages: ModelMessage[];
}

/** Older messages are left out, so that a long conversation does not outgrow the model's context. */
const MAX_MESSAGES = 60;
const QUOTED_WORDS = 6;
/** Enough for a model to go on from there when it is asked to. */
const QUOTED_UNHEARD_WORDS = 30;

/**
 * Maps the conversation to what chat models accept: user first, then strictly taking turns, nothing empty
 * (several chat templates refuse anything else). Where the agent was cut off, the note stands in the user's next
 * message and not in the agent's own words, which models tend to imitate.
 */
export function toPrompt(systemPrompt: string, history: readonly BrainMessage[]): Prompt {
  const turns: { role: "user" | "assistant"; content: string }[] = [];
  let note = "";
  for (const message of history.slice(-MAX_MESSAGES)) {
    const text = message.text.trim();
    if (message.role === "agent") {
      note = message.isCutOff === true ? cutOffNote(text, message.unheardText) : "";
      if (text !== "") addTurn(turns, { role: "assistant", content: message.isCutOff === true ? `${text} —` : text });
    } else if (text !== "") {
      addTurn(turns, { role: "user", content: note === "" ? text : `${note}\n${text}` });
      note = "";
    }
  }
  const opening = turns[0]?.role === "assistant" ? turns.shift()?.content : undefined;
  const system =
    opening === undefined ? systemPrompt : `${systemPrompt}\nYou have opened the conversation with: ${opening}`;
  return { system, messages: turns };
}

function cutOffNote(heardText: string, unheardText = ""): string {
  const unheard = unheardText.trim().split(/\s+/).slice(0, QUOTED_UNHEARD_WORDS).join(" ");
  const rest = unheard === "" ? "" : ` I did not hear: "${unheard}"`;
  if (heardText === "") return `(I cut in before you had said anything.${rest})`;
  const words = heardText.split(/\s+/);
  return `(I cut you off; the last that I heard was: "${words.slice(-QUOTED_WORDS).join(" ")}"${rest})`;
}

function addTurn(
  turns: { role: "user" | "assistant"; content: string }[],
  turn: { role: "user" | "assistant"; content: string },
): void {
  const last = turns.at(-1);
  if (last?.role === turn.role) last.content += `\n${turn.content}`;
  else turns.push(turn);
}

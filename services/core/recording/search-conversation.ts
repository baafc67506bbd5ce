import type { ConversationRecord, KeptMessage } from "#contracts/recording/kept-conversation";

const EXCERPT_CHARS = 90;
/** Words before the one that was found, so that it is seen where it stands. */
const LEAD_CHARS = 30;

/** Each word of the query stands somewhere in it, heard or not, whatever its case and accents. An empty query finds everything. */
export function matchesQuery(conversation: ConversationRecord, query: string): boolean {
  const all = fold(conversation.messages.map(wordsOf).join(" "));
  return termsOf(query).every((term) => all.includes(term));
}

/** Where the first word of the query stands; undefined when the title shows it, or there is none. */
export function excerptOf(conversation: ConversationRecord, query: string): string | undefined {
  const hidden = termsOf(query).find((term) => !fold(conversation.title).includes(term));
  if (hidden === undefined) return undefined;
  for (const message of conversation.messages) {
    const words = wordsOf(message);
    const at = fold(words).indexOf(hidden);
    if (at !== -1) return cut(words, at);
  }
  return undefined;
}

function wordsOf({ text, unheardText = "" }: KeptMessage): string {
  return `${text} ${unheardText}`.replace(/\s+/g, " ").trim();
}

function termsOf(query: string): string[] {
  return fold(query).split(/\s+/).filter(Boolean);
}

/** Folded letter by letter, so that places stay the same. */
function fold(text: string): string {
  return Array.from(text, (letter) => {
    const plain = letter.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    return plain.length === letter.length ? plain : letter;
  }).join("");
}

function cut(words: string, at: number): string {
  const from = at <= LEAD_CHARS ? 0 : words.indexOf(" ", at - LEAD_CHARS) + 1;
  const head = from === 0 ? "" : "… ";
  const rest = words.slice(from);
  if (rest.length <= EXCERPT_CHARS) return head + rest;
  const lastSpace = rest.lastIndexOf(" ", EXCERPT_CHARS);
  return `${head}${rest.slice(0, lastSpace > 0 ? lastSpace : EXCERPT_CHARS)} …`;
}

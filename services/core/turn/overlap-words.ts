import { wordSet } from "../text/word-set";

/**
 * What a first guess at the words of an overlap amounts to.
 * - command: the user wants the floor, whatever follows
 * - backchannel: nothing but "mm-hm", "yeah", "I see" and the like
 * - fragment: a syllable that may become anything, or a sound written down as a letter
 * - words: anything else that was understood
 * - none: nothing was understood
 */
export type OverlapWords = "command" | "backchannel" | "fragment" | "words" | "none";

/** Stop the agent as soon as they are heard. "Stuff" is how the ears write a clipped "stop". */
const COMMANDS = wordSet(
  "stop stuff stopped stopping wait waiting no nope quiet enough pause silence cancel shush shh sorry pardon",
);
const COMMAND_PHRASES = ["hold on", "hang on", "shut up", "be quiet", "never mind", "excuse me", "one moment", "hey"];
/** What listeners say to show that they listen, as the ears write it: "ice" is a clipped "I see". */
const BACKCHANNELS = wordSet(
  "mm mmm mhm hmm hm mmhmm mm-hmm mm-hm mhmm uh-huh uh huh uhhuh um oh ooh ah aha aah ha haha hah heh wow yeah yea yep yup yes yah ya okay ok o'k right sure really great good nice cool true exactly indeed absolutely definitely totally fine alright gotcha interesting amazing lovely aw aww huh ice",
);
const BACKCHANNEL_PHRASES = ["i see", "i c", "got it", "of course", "all right", "i know", "you know", "no way"];
/** Begin so much that they say nothing yet. */
const FRAGMENTS = wordSet("i a an the and but so it it's is you you're to of in that well then them got");
/** A listener does not say more than this without wanting the floor. */
const MAX_BACKCHANNEL_WORDS = 4;

export function judgeOverlapWords(text: string): OverlapWords {
  const spoken = text.toLowerCase().match(/[\p{L}\p{N}']+(?:-[\p{L}\p{N}']+)*/gu) ?? [];
  const distinct = spoken.filter((word, index) => word !== spoken[index - 1]);
  const [first] = distinct;
  if (first === undefined) return "none";
  const phrase = distinct.join(" ");
  if (BACKCHANNEL_PHRASES.includes(phrase)) return "backchannel";
  if (COMMANDS.has(first) || COMMAND_PHRASES.some((command) => startsWithPhrase(phrase, command))) return "command";
  const rest = afterBackchannels(distinct);
  if (rest.length === 0) return distinct.length <= MAX_BACKCHANNEL_WORDS ? "backchannel" : "words";
  if (rest.length < distinct.length && COMMANDS.has(rest[0] ?? "")) return "command";
  if (!rest.every(isFragment) || rest.length > 2) return "words";
  return rest.length < distinct.length ? "backchannel" : "fragment";
}

/** Nobody speaks faster. */
const MAX_SYLLABLES_PER_SECOND = 8;
/** What is cut off at both ends of the speech. */
const EXTRA_SYLLABLES = 0.5;

/** False for a transcript that is too long for the time in which it was said: the ears made it up. */
export function canBeSaid(text: string, speechMs: number): boolean {
  return countSyllables(text) <= EXTRA_SYLLABLES + (speechMs / 1_000) * MAX_SYLLABLES_PER_SECOND;
}

/** Whether the transcript of very little speech is a word that somebody said. */
export function isShortUtterance(text: string, speechMs: number): boolean {
  const kind = judgeOverlapWords(text);
  return kind !== "none" && kind !== "fragment" && canBeSaid(text, speechMs);
}

/** Vowel groups, as a rough count; at least one for each word. */
function countSyllables(text: string): number {
  const spoken = text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  return spoken.reduce((sum, word) => sum + Math.max(1, word.replace(/e$/u, "").match(/[aeiouy]+/gu)?.length ?? 0), 0);
}

function isFragment(word: string): boolean {
  return FRAGMENTS.has(word) || /^\p{L}$/u.test(word);
}

function startsWithPhrase(text: string, phrase: string): boolean {
  return text === phrase || text.startsWith(`${phrase} `);
}

/** "yes but what": the words after the leading backchannels. */
function afterBackchannels(spoken: readonly string[]): string[] {
  for (let at = 0; at < spoken.length;) {
    const pair = `${spoken[at] ?? ""} ${spoken[at + 1] ?? ""}`;
    if (BACKCHANNEL_PHRASES.includes(pair)) at += 2;
    else if (BACKCHANNELS.has(spoken[at] ?? "")) at += 1;
    else return spoken.slice(at);
  }
  return [];
}

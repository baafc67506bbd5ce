import type { BrainMessage } from "#core/ports/brain";
import type { Random } from "#core/ports/ids";

/** What the user said, as speech recognition wrote it and simplified for matching. */
export interface Utterance {
  raw: string;
  /** Lower case, short forms written out, no punctuation, no words of courtesy around it. */
  plain: string;
}

export interface SkillContext {
  /** Before the utterance, oldest first. */
  past: readonly BrainMessage[];
  wallTime: Date;
  random: Random;
  /** As the user gave it. */
  userName: string | undefined;
}

/** Answers one kind of question; undefined for anything else. */
export type Skill = (said: Utterance, context: SkillContext) => string | undefined;

const RECENT_ANSWERS = 4;

/** One of the options, none that was said lately as long as there is another. */
export function pick<T>(
  options: readonly [T, ...T[]],
  context: SkillContext,
  wordsOf: (option: T) => string = String,
): T {
  const recent = context.past.filter((message) => message.role === "agent").slice(-RECENT_ANSWERS);
  const wasSaid = (option: T): boolean =>
    recent.some(
      ({ text }) =>
        text !== "" && (text.includes(wordsOf(option)) || (text.length > 12 && wordsOf(option).startsWith(text))),
    );
  const fresh = options.filter((option) => !wasSaid(option));
  const from = fresh.length > 0 ? fresh : options;
  return from[Math.floor(context.random() * from.length)] ?? options[0];
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const shortForms: readonly (readonly [RegExp, string])[] = [
  [/\b(what|who|where|when|how|that|it|he|she|there|here|name|time)'s\b/g, "$1 is"],
  [/\blet's\b/g, "let us"],
  [/\bi'm\b/g, "i am"],
  [/\b(you|we|they)'re\b/g, "$1 are"],
  [/\b(i|you|we|they)'ve\b/g, "$1 have"],
  [/\b(i|you|we|they|he|she|it)'ll\b/g, "$1 will"],
  [/\b(i|you|we|they|he|she)'d\b/g, "$1 would"],
  [/\bcan't\b/g, "cannot"],
  [/\bwon't\b/g, "will not"],
  [/n't\b/g, " not"],
  [/\bgonna\b/g, "going to"],
  [/\bwanna\b/g, "want to"],
];
const courtesyBefore =
  /^(?:um+|uh+|er+m?|hm+|ah|oh|well|so|okay|ok|alright|right|hey|now|and|but|please|parley|just|listen|sorry but|excuse me|(?:can|could|would|will) you(?: please| just)?|i would like you to|i want you to|would you mind) (?=\S)/;
const courtesyAfter = /(?<=\S) (?:please|parley|for me|thanks|thank you|again please|if you can|would you|will you)$/;

/** Repeats until nothing changes, since words of courtesy come in rows. */
function strip(text: string, pattern: RegExp): string {
  const stripped = text.replace(pattern, "");
  return stripped === text ? text : strip(stripped, pattern);
}

export function toUtterance(raw: string): Utterance {
  let plain = raw.toLowerCase().replace(/[’‘]/g, "'");
  for (const [pattern, full] of shortForms) plain = plain.replace(pattern, full);
  plain = plain
    .replace(/[^\p{L}\p{N}'+\-*/×÷^%.,=]/gu, " ")
    // Marks count inside numbers only: 3.14 and 1,000.
    .replace(/(?<!\d)[.,]|[.,](?!\d)/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return { raw: raw.trim(), plain: strip(strip(plain, courtesyBefore), courtesyAfter) };
}

import { parseNumber, sayNumber } from "./number-words";
import { capitalise, type Skill } from "./skill";

const MAX_LETTERS = 60;
const MAX_COUNT = 200;

function lettersOf(word: string): string {
  return [...word]
    .map((char) => (/\d/.test(char) ? capitalise(sayNumber(Number(char)) ?? "") : char.toUpperCase()))
    .join(", ");
}

/** Letter by letter with a comma's pause between: "Cat is spelled C, A, T." */
export const spellingSkill: Skill = ({ plain }, { userName }) => {
  const asked =
    /\b(?:spell|spelling of|spell out)\b(?: the)?(?: word| name)? (.+)$/.exec(plain)?.[1] ??
    /\bhow is (?:the word )?(.+?) (?:spelled|spelt|written)$/.exec(plain)?.[1];
  if (asked === undefined) return undefined;
  const wanted = /^my (?:own )?name$/.test(asked)
    ? userName?.toLowerCase()
    : asked.replace(/ (?:correctly|slowly|out|letter by letter)$/, "");
  if (wanted === undefined) return "I would, but I do not know your name yet. Tell me, and I will spell it.";
  const words = wanted
    .split(" ")
    .map((word) => word.replace(/[^\p{L}0-9]/gu, ""))
    .filter((word) => word !== "");
  if (words.length === 0) return undefined;
  if (words.join("").length > MAX_LETTERS) return "That is too long for me to spell. Give me a word or two.";
  const subject = /\d/.test(wanted) ? "That" : capitalise(words.join(" "));
  return `${subject} is spelled ${words.map(lettersOf).join(", then ")}.`;
};

const repeatForms = [
  /^\W*(?:.*?\b(?:please|you|parley),? )?repeat after me\b[\s,:;.-]*(?<words>.+)$/is,
  /^\W*(?:please |can you |could you |would you |okay,? |now,? )*(?:repeat|say)(?: back| the (?:following )?(?:words|sentence|phrase|word))[\s,:;-]+(?<words>.+)$/is,
  /^\W*(?:please,? |can you |could you |would you |okay,? |now,? )*(?:say|repeat)\b[\s,:;-]+(?!(?:that|it|this|again|something|anything|what|the (?:last|same))\b)(?<words>.+)$/is,
];

export const repeatSkill: Skill = ({ raw }) => {
  for (const form of repeatForms) {
    const words = form
      .exec(raw)
      ?.groups?.words?.trim()
      .replace(/^["“'‘]+|["”'’]+$/g, "");
    if (words === undefined || !/[\p{L}\p{N}]/u.test(words)) continue;
    return /[.!?]$/.test(words) ? capitalise(words) : `${capitalise(words)}.`;
  }
  return undefined;
};

const countForms: readonly { pattern: RegExp; isDown: boolean }[] = [
  { pattern: /\bcount(?:ing)? (?:down|backwards?) from (?<from>.+?)(?: (?:down )?to (?<to>.+))?$/, isDown: true },
  { pattern: /\bcount(?:ing)? (?:down|backwards?)\b/, isDown: true },
  { pattern: /\bcount(?:ing)? from (?<from>.+?) (?:up )?to (?<to>.+)$/, isDown: false },
  { pattern: /\bcount(?:ing)? (?:up )?to (?<to>.+)$/, isDown: false },
  { pattern: /^(?:start |begin )?count(?:ing)?(?: for me| numbers)?$/, isDown: false },
];

export const countingSkill: Skill = ({ plain }) => {
  for (const { pattern, isDown } of countForms) {
    const match = pattern.exec(plain);
    if (match === null) continue;
    const from = match.groups?.from === undefined ? (isDown ? 10 : 1) : parseNumber(match.groups.from);
    const to = match.groups?.to === undefined ? (isDown ? 0 : 10) : parseNumber(match.groups.to);
    if (from === undefined || to === undefined || !Number.isInteger(from) || !Number.isInteger(to)) continue;
    if (Math.abs(to - from) >= MAX_COUNT) return "That would take too long. Let us stay within two hundred numbers.";
    const step = to < from ? -1 : 1;
    const numbers = Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => sayNumber(from + index * step) ?? "");
    return `${capitalise(numbers.join(", "))}.`;
  }
  return undefined;
};

import type { SpokenToken, TextNormalizer } from "#core/ports/tts-engine";
import { calendarRules } from "./calendar-rules";
import { maskMarkup } from "./mask-markup";
import { numberRules } from "./number-rules";
import type { Rule } from "./rule";
import { OPERATORS, SYMBOLS } from "./vocabulary";
import { addressRules, readWord, wordRules } from "./word-rules";

const SPECIAL_RULES: readonly Rule[] = [...addressRules, ...calendarRules, ...numberRules, ...wordRules];
/** Rules that start inside a word would tear it apart: "B2B" is read letter by digit, but "abc.com" never from "bc" on. */
const WORD_INSIDE = /[\p{L}\p{M}\p{N}]/u;
const DIGIT = /\d/;

/** What a mark means for the voice: the stronger one wins when several follow one another. */
const MARKS: Readonly<Record<string, string>> = {
  ".": ".",
  "!": "!",
  "?": "?",
  "…": ".",
  "。": ".",
  "！": "!",
  "？": "?",
  ",": ",",
  ";": ";",
  ":": ":",
  "—": ",",
  "–": ",",
  "(": ",",
  ")": ",",
  "、": ",",
  "，": ",",
};
const STRENGTH = ["", ",", ":", ";", ".", "!", "?"];

function stronger(present: string, next: string): string {
  return STRENGTH.indexOf(next) > STRENGTH.indexOf(present) ? next : present;
}

/** The engine sees nothing else, whatever a rule made. */
function onlyLetters(words: string): string {
  return words
    .replace(/[^A-Za-z' ]+/g, " ")
    .replace(/(^|\s)'+|'+(?=\s|$)/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

/** Abbreviations after which a capital letter starts a sentence; after "Dr." it starts a name. */
const CAN_END_SENTENCE = /(?:etc|[ap]\.m|inc|ltd|corp|jr|sr)\.$/i;
const LONGEST_ABBREVIATION = 8;

/** Whether the full stop that was read as part of an abbreviation ends the sentence too. */
function endsSentence(text: string, end: number): boolean {
  if (text[end - 1] !== ".") return false;
  const rest = text.slice(end, end + 40);
  if (/^[\s"”’)]*$/.test(rest)) return true;
  return (
    CAN_END_SENTENCE.test(text.slice(Math.max(0, end - LONGEST_ABBREVIATION), end)) && /^\s+["“(]?\p{Lu}/u.test(rest)
  );
}

interface Reading {
  words: string;
  length: number;
}

function applyRules(text: string, at: number): Reading | undefined {
  for (const { pattern, speak } of SPECIAL_RULES) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    const words = speak(match);
    if (words !== undefined) return { words, length: match[0].replace(/\s+$/, "").length };
  }
  return undefined;
}

function nextVisible(text: string, at: number, step: 1 | -1): string {
  let place = at + step;
  while (place >= 0 && place < text.length && /[ \t(]/.test(text[place] ?? "")) place += step;
  return text[place] ?? "";
}

const POWERS: Readonly<Record<string, string>> = { "²": "squared", "³": "cubed", "2": "squared", "3": "cubed" };
/** A digit, a bracket, or a name of one or two letters as in "mc²"; behind a word it is a note. */
const CAN_BE_RAISED = /(?:^|[^\p{L}])\p{L}{1,2}$|[\d)]$/u;

function readPower(text: string, at: number): Reading | undefined {
  const [sign = ""] = /^(?:[²³]|\^[23](?![\d.]))/.exec(text.slice(at, at + 3)) ?? [];
  const words = POWERS[sign.slice(-1)];
  if (words === undefined || !CAN_BE_RAISED.test(text.slice(Math.max(0, at - 3), at))) return undefined;
  return { words, length: sign.length };
}

/** A sign that is said, where it stands between the right neighbours. */
function readSign(text: string, at: number): Reading | undefined {
  const power = readPower(text, at);
  if (power !== undefined) return power;
  const sign = String.fromCodePoint(text.codePointAt(at) ?? 32);
  const always = SYMBOLS[sign];
  if (always !== undefined) return { words: always, length: sign.length };
  const between = OPERATORS[sign];
  const isOperand = (neighbour: string): boolean => DIGIT.test(neighbour) || /[)πxyn]/.test(neighbour);
  if (between !== undefined && isOperand(nextVisible(text, at, -1)) && isOperand(nextVisible(text, at, 1)))
    return { words: between, length: 1 };
  return sign === "+" ? { words: "plus", length: 1 } : undefined;
}

function readAt(text: string, at: number, isInsideWord: boolean): Reading | undefined {
  const special = isInsideWord && !DIGIT.test(text[at] ?? "") ? undefined : applyRules(text, at);
  if (special !== undefined) return special;
  const word = readWord(text, at);
  return word === undefined ? readSign(text, at) : { words: word.spoken, length: word.written.length };
}

/** "10 000": thousands set apart by narrow or fixed blanks, or by plain ones where only noughts follow. */
const BLANK_GROUPS = /(?<![\d.,])[1-9]\d{0,2}(?:(?:[\u00a0\u2009\u202f]\d{3}){1,5}|(?: 000){1,5})(?!\d)/g;

function joinGroups(text: string): string {
  return text.replace(BLANK_GROUPS, (number) => number.replace(/\s/g, ","));
}

function normalize(text: string): SpokenToken[] {
  const masked = joinGroups(maskMarkup(text));
  const tokens: SpokenToken[] = [];
  const mark = (punctuation: string): void => {
    const last = tokens.at(-1);
    if (last !== undefined) last.punctuation = stronger(last.punctuation, punctuation);
  };
  let at = 0;
  while (at < masked.length) {
    const reading = readAt(masked, at, at > 0 && WORD_INSIDE.test(masked[at - 1] ?? ""));
    if (reading !== undefined && reading.length > 0) {
      const spoken = onlyLetters(reading.words);
      const end = at + reading.length;
      if (spoken !== "")
        tokens.push({ spoken, sourceStart: at, sourceEnd: end, punctuation: endsSentence(masked, end) ? "." : "" });
      at = end;
      continue;
    }
    const sign = String.fromCodePoint(masked.codePointAt(at) ?? 32);
    const punctuation = sign === "\n" ? "," : MARKS[sign];
    if (punctuation !== undefined) mark(punctuation);
    else if (sign === "-" && masked[at - 1] === " " && masked[at + 1] === " ") mark(",");
    at += sign.length;
  }
  return tokens;
}

/** Makes English text speakable. Never throws; tokens hold letters, apostrophes and spaces, and point into the original text. */
export function createSpeakableText(): TextNormalizer {
  return { normalize };
}

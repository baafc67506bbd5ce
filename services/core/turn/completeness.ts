import { wordSet } from "../text/word-set";
import { findGap } from "./clause-gaps";
import type { SpokenClause } from "./spoken-clause";
import { isWholeRequest } from "./whole-request";
import { SUBJECTS, WH_WORDS } from "./word-classes";

/**
 * How finished the words sound. "question": a whole question that begins with a question word, after which hardly anybody
 * goes on; "request": a request or another question with all that its verb can want; "asked": any other one; "short": a greeting
 * or a short answer.
 */
export type Completeness = "question" | "request" | "asked" | "short" | "complete" | "unclear" | "half-open" | "open";

const FILLERS = wordSet("um uh erm er ah hmm mm mhm eh");
/** Fillers after a comma. */
const DISCOURSE = /(?:^|,\s*)(?:well|like|okay|so|anyway|basically|actually)[\s.,?]*$/iu;
const NUMBER_WORDS = wordSet(
  "zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million point double triple",
);
const OPERATORS = wordSet(
  "plus minus times divided multiplied over squared percent dot at slash dash hyphen underscore equals",
);
/** Whole answers of one or two words. */
const SHORT_ANSWERS = wordSet(
  "yes yeah yep no nope stop thanks hello hi hey bye goodbye good-bye good-by please sure okay ok right exactly correct continue help wait",
);
const QUESTION_STARTS = wordSet(
  "what what's which who who's whom whose where where's when's how how's why can could would will do does did is are was were have has should may shall",
);
/** Begin a request. */
const REQUEST_STARTS = wordSet(
  "please tell give show say play set turn open close start stop read write sing spell explain describe repeat count flip roll add remind call find help let's",
);
/** Said whole, whatever comes before or after. */
const SOCIAL =
  /^(?:good (?:morning|afternoon|evening|night)|thank you|thanks|hello|hi|hey|goodbye|bye|nice to meet you|see you)\b/u;
/** Whole answers that nobody begins a sentence with. */
const ANSWERS = /^(?:never mind|no problem|not (?:really|yet|now)|me (?:too|neither)|got it)$/u;
/** Said while thinking, with what the ears make of an "um" after it; what is thought of comes next. */
const THINKING =
  /\b(?:let me (?:think|see)|hold on|one moment|just a (?:moment|second)|i was wondering|i am not sure|i'm not sure)(?: \S+)?$/u;
/** "Please add four", "what is twenty": one number of two. */
const ADDING = /\b(?:add|multiply|divide|subtract|sum of|between)\b/u;
/** "What is twenty", and nothing yet that is done to it. */
const LONE_NUMBER = /^(?:what is|what's|how much is) (.+)$/u;
/** Digits or letters are said one by one after these. */
const DICTATION =
  /\b(?:(?:number|code|pin|phone)(?: \S+)? (?:is|are)|(?:number|code|pin) (?:\d|zero|one|two|three|four|five|six|seven|eight|nine)|spell|spelled|spelt|written|letters?)\b/u;
/** "Can you": what is asked for comes next. */
const MIN_AUXILIARY_QUESTION_WORDS = 4;
/** Shorter pieces are as often a word that was cut in two. */
const MIN_SENTENCE_WORDS = 3;
const MAX_DICTATED_WORDS = 10;
/** A telephone number that is long enough to be whole. */
const WHOLE_NUMBER_DIGITS = 6;
/**
 * Judges by what the grammar of the words still needs, and by fillers, numbers and forms of questions. English; words of other
 * languages count as nouns. The kinds of evidence follow what turn-taking research finds at the ends of
 * turns (syntactic completeness before prosody): Gravano and Hirschberg, "Turn-taking cues in task-oriented dialogue", 2011.
 * A comma counts as a full stop at the end: the ears write one or the other wherever the audio is cut, as often after
 * whole turns as in the middle of them (26 of 75 and 20 of 60).
 */
export function judgeCompleteness(text: string): Completeness {
  const trimmed = text.trim();
  const spoken = spokenWords(trimmed);
  const last = spoken.at(-1);
  if (last === undefined) return "unclear";
  if (spoken.length <= 2 && spoken.every((word) => SHORT_ANSWERS.has(word))) return "short";
  if (ANSWERS.test(spoken.join(" "))) return "short";
  if (FILLERS.has(last) || DISCOURSE.test(trimmed)) return spoken.length > 1 ? "open" : "half-open";
  const sequence = judgeSequence(spoken);
  if (sequence !== undefined) return sequence;
  if (THINKING.test(spoken.join(" ")) || /-$|[–—]$|\.\.\.$|…$/u.test(trimmed)) return "half-open";
  const clause = withoutOpening(lastSentence(trimmed), trimmed);
  const gap = findGap(clause);
  if (gap === "open" || gap === "half-open") return gap;
  if (SOCIAL.test(spoken.join(" ")) && spoken.length <= 5) return "short";
  const isQuestion = gap === "none" && isWholeQuestion(clause);
  if (isQuestion && WH_WORDS.has(clause.words[0] ?? "")) return "question";
  if (isQuestion || (gap === "none" && isRequest(trimmed, spoken)))
    return isWholeRequest(clause, { hasPlease: spoken.includes("please") }) ? "request" : "asked";
  return spoken.length >= 3 ? "complete" : "unclear";
}

export function spokenWords(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}'-]+/gu) ?? [];
}

/** After a full stop, or a comma before a question: "My brother is coming to visit, can you tell me what day it is?" */
function lastSentence(text: string): string[] {
  const after =
    /^.*(?:[.!?]\s+|,\s+(?=(?:what|where|who|when|how|why|which|can|could|will|would|do|does|did|is|are)\s))/isu.exec(
      text,
    );
  const words = spokenWords(text.slice(after?.[0].length ?? 0));
  return words.length >= MIN_SENTENCE_WORDS ? words : spokenWords(text);
}

/** What comes before a sentence without belonging to it: "well", "hello", "excuse me". */
function withoutOpening(spoken: readonly string[], text: string): SpokenClause {
  const count =
    /^(?:(?:well|so|and|but|oh|ok|okay|sorry|hello|hi|hey|please|really|yes|yeah|no|excuse me|good \S+) )+/u
      .exec(`${spoken.join(" ")} `)?.[0]
      .trim()
      .split(" ").length ?? 0;
  const words = spoken.slice(Math.min(count, spoken.length - 1));
  const opening = /^(?:yes|yeah|no)$/u.test(spoken[0] ?? "") ? "answer" : "none";
  // "What I need is": no question.
  const isTelling = WH_WORDS.has(words[0] ?? "") && (SUBJECTS.has(words[1] ?? "") || words[1] === "you");
  return { words, isAsking: !isTelling && (text.endsWith("?") || QUESTION_STARTS.has(words[0] ?? "")), opening };
}

function isWholeQuestion({ words, isAsking }: SpokenClause): boolean {
  const isFronted = WH_WORDS.has(words[0] ?? "");
  return isAsking && words.length >= (isFronted ? 3 : MIN_AUXILIARY_QUESTION_WORDS);
}

/** "Please flip a coin", "…, so please tell me a joke": the last clause asks for something, with at least an object. */
function isRequest(text: string, spoken: readonly string[]): boolean {
  const withoutPlease = text.replace(/,?\s+please[.!,]?$/iu, "");
  const clause = spokenWords(withoutPlease.split(/[,;.!]\s+/u).at(-1) ?? "");
  const isLate = spoken.length >= 8 && spoken.slice(-6).includes("please");
  return isLate || (clause.length >= 3 && REQUEST_STARTS.has(clause[0] ?? ""));
}

/** Digits or letters said one by one, or a sum without its second number: more is likely to come. */
function judgeSequence(spoken: readonly string[]): Completeness | undefined {
  const last = spoken.at(-1) ?? "";
  if (OPERATORS.has(last) && spoken.some(isNumber)) return "open";
  if (isBegunDictation(spoken)) return "open";
  const tail = spoken.slice(-3);
  if (tail.length === 3 && tail.every((word) => /^\p{L}$/u.test(word))) return "open";
  const isDictation = tail.length === 3 && tail.every(isNumber) && !spoken.some((word) => OPERATORS.has(word));
  if (!isDictation) return isHalfASum(spoken) ? "open" : undefined;
  return digitCount(spoken) >= WHOLE_NUMBER_DIGITS ? "unclear" : "open";
}

/** "My number is five five", "the word is spelled t-r". */
function isBegunDictation(spoken: readonly string[]): boolean {
  const last = spoken.at(-1) ?? "";
  if (spoken.length > MAX_DICTATED_WORDS || !DICTATION.test(spoken.join(" "))) return false;
  if (/^\p{L}(?:-\p{L})*$/u.test(last) && last !== "a" && last !== "i") return true;
  const isSum = spoken.some((word) => OPERATORS.has(word));
  return isNumber(last) && !isSum && digitCount(spoken) < WHOLE_NUMBER_DIGITS;
}

/** "Please add four", "the sum of seven". */
function isHalfASum(spoken: readonly string[]): boolean {
  const lone = LONE_NUMBER.exec(spoken.join(" "))?.[1];
  if (lone?.split(" ").every((word) => isNumber(word) || word === "and") === true) return true;
  if (!isNumber(spoken.at(-1) ?? "") || !ADDING.test(spoken.join(" "))) return false;
  const groups = spoken.filter((word, index) => isNumber(word) && !isNumber(spoken[index - 1] ?? ""));
  return groups.length < 2;
}

function digitCount(spoken: readonly string[]): number {
  return spoken.filter(isNumber).reduce((count, word) => count + (/^\d+$/u.test(word) ? word.length : 1), 0);
}

function isNumber(word: string): boolean {
  return NUMBER_WORDS.has(word) || /^\d+$/u.test(word);
}

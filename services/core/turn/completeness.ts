/** How finished the words sound. "asked": a whole question, request, greeting or short answer, after which hardly anybody goes on. */
export type Completeness = "asked" | "complete" | "unclear" | "half-open" | "open";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Words that hardly ever end a sentence: articles, possessives, conjunctions, prepositions that need an object. */
const OPEN_ENDS = words(
  "a an the my your his its our their and or but nor because although though unless whether than of from into onto with without between among during per toward towards every each another such i'm you're we're they're i'd i'll i've it's that's there's let's gonna wanna very",
);
/** Words that often go on, but may end a sentence too; a full stop after them tips the balance. */
const LOOSE_ENDS = words(
  "to for in on at by about over under up down via this that these those some any more so then since while if until as what which who where when how why can could would will shall should must may might am is are was were be been do does did have has had not no just also even only really quite i or we he she they",
);
/** Verbs that want an object or a clause; a question that begins with "what" or "who" has it already. */
const NEEDY_ENDS = words(
  "want wants wanted need needs needed find take takes put puts give gives gave make makes made bring buy bought send sent tell told say said get gets got keep let use used like likes liked believe think thought explain change play noticed said ask asked mean meant hope wish prefer seems seemed become became turning looking trying going never always usually mister mr mrs miss doctor",
);
const FILLERS = words("um uh erm er ah hmm mm mhm eh well like okay so anyway basically actually");
const NUMBER_WORDS = words(
  "zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million point double triple",
);
const OPERATORS = words(
  "plus minus times divided multiplied over squared percent dot at slash dash hyphen underscore equals",
);
/** Whole answers of one or two words. */
const SHORT_ANSWERS = words(
  "yes yeah yep no nope stop thanks hello hi hey bye goodbye good-bye please sure okay ok right exactly correct continue help wait",
);
const QUESTION_STARTS = words(
  "what what's which who who's whom whose where where's when's how how's why can could would will do does did is are was were have has should may shall",
);
const OBJECT_QUESTION_STARTS = words("what what's which who whom where how");
/** Begin a request. */
const REQUEST_STARTS = words(
  "please tell give show say play set turn open close start stop read write sing spell explain describe repeat count flip roll add remind call find help let's",
);
/** Said whole, whatever comes before or after. */
const SOCIAL =
  /^(?:good (?:morning|afternoon|evening|night)|thank you|thanks|hello|hi|hey|goodbye|bye|nice to meet you|see you)\b/u;
/** Verbs that end a question whose object stands at its beginning: "what can you do", "how are you". */
const QUESTION_ENDS = words("do does did is are was were be been have has had you they we she i");
/** Said while thinking, with what the ears make of an "um" after it; what is thought of comes next. */
const THINKING =
  /\b(?:let me (?:think|see)|hold on|one moment|just a (?:moment|second)|i was wondering|i am not sure|i'm not sure)(?: \S+)?$/u;
/** "Please add four", "what is twenty": one number of two. */
const ADDING = /\b(?:add|multiply|divide|subtract|sum of|between)\b/u;
/** "What is twenty", and nothing yet that is done to it. */
const LONE_NUMBER = /^(?:what is|what's|how much is) (.+)$/u;
/** Digits or letters are said one by one after these. */
const DICTATION = /\b(?:numbers?|code|pin|phone|spell|spelled|spelt|written|write|letters?)\b/u;
/** "Can you": what is asked for comes next. */
const MIN_AUXILIARY_QUESTION_WORDS = 4;
const MAX_DICTATED_WORDS = 10;
/** Begin a side clause; without a main clause after it the thought is open. */
const SIDE_CLAUSE_STARTS = words("if when because since although though while unless after before until whenever as");
/** Begin a group of words that needs a verb, or another group, after it. */
const GROUP_STARTS = words(
  "the a an my your his her its our their all both every each this these those some in on at after before during with by compared because",
);
/** Enough of the verbs that people use to tell a clause from a group of words without one. */
const VERBS = words(
  "am is are was were be been do does did have has had can could will would shall should may might must isn't aren't wasn't weren't don't doesn't didn't can't couldn't won't wouldn't it's that's there's what's let's i'm you're we're they're said says went goes go comes came come gave give took take made make makes looks look seems feels felt got get knows know thinks think wants want needs need likes like works work starts start begins ends end runs run lives live keeps kept leaves puts broke sounds rings rang stands stood sits sat told tell became grew fell held found find lost won met paid read saw see sold sent slept spoke spent wrote tastes smells means plays costs happens rains snows ate drank drove flew",
);
/** A telephone number that is long enough to be whole. */
const WHOLE_NUMBER_DIGITS = 7;
/** Longer than this, a main clause has probably come without a comma. */
const MAX_SIDE_CLAUSE_WORDS = 8;
/** Shorter groups of words are answers: "the blue one". */
const MIN_GROUP_WORDS = 4;

/**
 * Judges the last words by lists of function words, verbs, fillers, numbers and forms of questions. English; words of other
 * languages are judged by punctuation alone. The kinds of evidence follow what turn-taking research finds at the ends of
 * turns (syntactic completeness before prosody): Gravano and Hirschberg, "Turn-taking cues in task-oriented dialogue", 2011.
 * A comma counts as a full stop at the end: the ears write one or the other wherever the audio is cut, as often after
 * whole turns as in the middle of them (26 of 75 and 20 of 60).
 */
export function judgeCompleteness(text: string): Completeness {
  const trimmed = text.trim();
  const spoken = trimmed.toLowerCase().match(/[\p{L}\p{N}'-]+/gu) ?? [];
  const last = spoken.at(-1);
  if (last === undefined) return "unclear";
  const isQuestion = trimmed.endsWith("?");
  if (spoken.length <= 2 && spoken.every((word) => SHORT_ANSWERS.has(word))) return "asked";
  if (FILLERS.has(last)) return spoken.length > 1 ? "open" : "half-open";
  const sequence = judgeSequence(spoken);
  if (sequence !== undefined) return sequence;
  if (OPEN_ENDS.has(last)) return "open";
  if (THINKING.test(spoken.join(" "))) return "half-open";
  const isAsking = isQuestion || QUESTION_STARTS.has(spoken[0] ?? "");
  if (isAsking && OBJECT_QUESTION_STARTS.has(spoken[0] ?? "") && QUESTION_ENDS.has(last) && spoken.length >= 3)
    return "asked";
  if (/-$|[–—]$|\.\.\.$|…$/u.test(trimmed) || isBareSideClause(trimmed, spoken) || isBareGroup(spoken))
    return "half-open";
  if (isNeedy(spoken)) return "half-open";
  if (last === "that" && spoken.length > 2) return "half-open";
  if (LOOSE_ENDS.has(last)) return /[.!?]$/u.test(trimmed) && spoken.length >= 5 ? "unclear" : "half-open";
  if (isAsking && spoken.length >= (OBJECT_QUESTION_STARTS.has(spoken[0] ?? "") ? 3 : MIN_AUXILIARY_QUESTION_WORDS))
    return "asked";
  if (isAsking) return spoken.length < 3 ? "half-open" : "complete";
  if (SOCIAL.test(spoken.join(" ")) && spoken.length <= 5) return "asked";
  if (isRequest(trimmed, spoken)) return "asked";
  return spoken.length >= 3 ? "complete" : "unclear";
}

/** "Please flip a coin", "…, so please tell me a joke": the last clause asks for something, with at least an object. */
function isRequest(text: string, spoken: readonly string[]): boolean {
  const withoutPlease = text.replace(/,?\s+please[.!,]?$/iu, "");
  const clause = (withoutPlease.split(/[,;.!]\s+/u).at(-1) ?? "").toLowerCase().match(/[\p{L}\p{N}'-]+/gu) ?? [];
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

/** "If it rains tomorrow": a short side clause, and no comma after which the main clause could have come. */
function isBareSideClause(text: string, spoken: readonly string[]): boolean {
  if (spoken.length > MAX_SIDE_CLAUSE_WORDS) return false;
  return SIDE_CLAUSE_STARTS.has(spoken[0] ?? "") && !text.endsWith("?") && !/[,;]\s+\S+\s+\S+/u.test(text);
}

/** "The green one on the left", "in the middle of the night": nothing has been said of it yet. */
function isBareGroup(spoken: readonly string[]): boolean {
  if (spoken.length < MIN_GROUP_WORDS || !GROUP_STARTS.has(spoken[0] ?? "")) return false;
  return !spoken.some((word) => VERBS.has(word) || word.endsWith("ed"));
}

/** "Can you help me find", but not "what did you find". */
function isNeedy(spoken: readonly string[]): boolean {
  return NEEDY_ENDS.has(spoken.at(-1) ?? "") && !OBJECT_QUESTION_STARTS.has(spoken[0] ?? "");
}

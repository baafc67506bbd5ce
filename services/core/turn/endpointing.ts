/** What is known when a silence begins. */
export interface EndpointEvidence {
  /** Transcript of the user's turn up to the silence; cased and punctuated as the ears write it. */
  text: string;
  /** How long this user's earlier pauses were after which they went on, ms, oldest first. */
  resumedPausesMs: readonly number[];
}

/** How long to wait for more, from the end of the speech. A model may take the place of the rules behind this. */
export interface EndpointScorer {
  endpointDelayMs(evidence: EndpointEvidence): number;
  /** False while the words are so open that an answer to them would be thrown away. */
  isWorthPreparing(evidence: EndpointEvidence): boolean;
}

export interface EndpointDelays {
  /** The words are complete, and the user is known for no long pauses, ms. */
  minMs: number;
  /** Nothing speaks for an end nor against it, ms. */
  typicalMs: number;
  /** The thought is open: a trailing "and", a filler, an unfinished number, ms. */
  maxMs: number;
}

/** The bounds that go with a typical delay: short enough to be quick, long enough for an open thought. */
export function endpointDelaysAround(typicalMs: number): EndpointDelays {
  return {
    minMs: Math.min(typicalMs, Math.max(200, Math.round(typicalMs * 0.6))),
    typicalMs,
    maxMs: Math.max(typicalMs, Math.min(1_500, Math.round(typicalMs * 2.9))),
  };
}

/** How finished the words sound. */
export type Completeness = "complete" | "unclear" | "half-open" | "open";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Words that hardly ever end a sentence: articles, possessives, conjunctions, prepositions that need an object. */
const OPEN_ENDS = words(
  "a an the my your his its our their and or but nor because although though unless whether than of from into onto with without between among during per toward towards every each another such i'm you're we're they're i'd i'll i've it's that's there's let's gonna wanna very",
);
/** Words that often go on, but may end a sentence too; a full stop after them tips the balance. */
const LOOSE_ENDS = words(
  "to for in on at by about over under up down via this that these those some any more so then since while if until as what which who where when how why am is are was were be been will would could should shall must may might do does did have has had can not no just also even only really quite i or we he she they",
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
  "yes yeah yep no nope stop thanks hello hi hey bye goodbye please sure okay ok right exactly correct continue help wait",
);
const QUESTION_STARTS = words(
  "what what's which who who's whom whose where where's when how how's why can could would will do does did is are was were have has should may shall",
);
/** Begin a side clause; without a main clause after it the thought is open. */
const SIDE_CLAUSE_STARTS = words("if when because since although though while unless after before until whenever as");

/**
 * Judges the last words by lists of function words, fillers, numbers and forms of questions. English; words of other
 * languages are judged by punctuation alone. The kinds of evidence follow what turn-taking research finds at the ends of
 * turns (syntactic completeness before prosody): Gravano and Hirschberg, "Turn-taking cues in task-oriented dialogue", 2011.
 */
export function judgeCompleteness(text: string): Completeness {
  const trimmed = text.trim();
  const spoken = trimmed.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
  const last = spoken.at(-1);
  if (last === undefined) return "unclear";
  const isQuestion = trimmed.endsWith("?");
  if (spoken.length <= 2 && spoken.every((word) => SHORT_ANSWERS.has(word))) return "complete";
  if (FILLERS.has(last) && spoken.length > 1) return "open";
  if (FILLERS.has(last)) return "half-open";
  if (isUnfinishedSequence(spoken)) return "open";
  if (OPEN_ENDS.has(last)) return isQuestion ? "half-open" : "open";
  if (/-$|[–—]$|\.\.\.$|…$/u.test(trimmed)) return "half-open";
  if (isBareSideClause(trimmed, spoken)) return trimmed.endsWith(",") ? "open" : "half-open";
  if (LOOSE_ENDS.has(last)) return /[.!?]$/u.test(trimmed) && spoken.length >= 5 ? "unclear" : "half-open";
  if (isQuestion) return spoken.length >= 3 ? "complete" : "unclear";
  if (/[.!]$/u.test(trimmed) && spoken.length >= 3) return "complete";
  if (QUESTION_STARTS.has(spoken[0] ?? "") && spoken.length >= 4 && !trimmed.endsWith(",")) return "complete";
  return "unclear";
}

/** Digits or letters said one by one, or a sum without its second number: more is likely to come. */
function isUnfinishedSequence(spoken: readonly string[]): boolean {
  const last = spoken.at(-1) ?? "";
  if (OPERATORS.has(last) && spoken.some((word) => isNumber(word))) return true;
  const tail = spoken.slice(-3);
  const isSpelling = tail.length === 3 && tail.every((word) => /^\p{L}$/u.test(word));
  const isDictation = tail.length === 3 && tail.every(isNumber) && !spoken.some((word) => OPERATORS.has(word));
  return isSpelling || isDictation;
}

function isNumber(word: string): boolean {
  return NUMBER_WORDS.has(word) || /^\d+$/u.test(word);
}

/** Longer than this, a main clause has probably come without a comma. */
const MAX_SIDE_CLAUSE_WORDS = 8;

/** "If it rains tomorrow": a short side clause, and no comma after which the main clause could have come. */
function isBareSideClause(text: string, spoken: readonly string[]): boolean {
  if (spoken.length > MAX_SIDE_CLAUSE_WORDS) return false;
  return SIDE_CLAUSE_STARTS.has(spoken[0] ?? "") && !text.endsWith("?") && !/[,;]\s+\S+\s+\S+/u.test(text);
}

/** Resumed pauses that must have been seen before they count. */
const MIN_PAUSES = 3;
/** Beyond the user's usual pause, so that the next one like it is waited out, ms. */
const PAUSE_MARGIN_MS = 120;

/** Rules instead of a model: words first, then this user's own pauses. */
export function createWordEndpointScorer(delays: EndpointDelays): EndpointScorer {
  const byCompleteness: Readonly<Record<Completeness, number>> = {
    "complete": delays.minMs,
    "unclear": delays.typicalMs,
    "half-open": Math.round((delays.typicalMs + delays.maxMs) / 2),
    "open": delays.maxMs,
  };
  return {
    isWorthPreparing: ({ text }) => judgeCompleteness(text) !== "open",
    endpointDelayMs({ text, resumedPausesMs }) {
      const byWords = byCompleteness[judgeCompleteness(text)];
      const usualPauseMs = upperMedian(resumedPausesMs);
      if (usualPauseMs === undefined) return byWords;
      return Math.max(byWords, Math.min(delays.typicalMs + delays.minMs, usualPauseMs + PAUSE_MARGIN_MS));
    },
  };
}

function upperMedian(values: readonly number[]): number | undefined {
  if (values.length < MIN_PAUSES) return undefined;
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

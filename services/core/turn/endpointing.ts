import { assertNever } from "../lifecycle/assert-never";
import type { ProsodyCues } from "../speech/prosody-tracker";
import { judgeCompleteness, type Completeness } from "./completeness";

/** What is known when a silence begins. */
export interface EndpointEvidence {
  /** Transcript of the user's turn up to the silence; cased and punctuated as the ears write it. */
  text: string;
  /** How the voice ended; undefined when it says nothing, as in a whisper. */
  prosody: ProsodyCues | undefined;
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
  /** Something was asked, and the voice is at an end, ms. */
  minMs: number;
  /** What the others are made from, ms. */
  typicalMs: number;
  /** Something was told, or asked with a rising voice, ms. */
  patientMs: number;
  /** The thought is open: a trailing "and", a filler, an unfinished number, ms. */
  maxMs: number;
}

/** The bounds that go with a typical delay: short enough to be quick, long enough for an open thought. */
export function endpointDelaysAround(typicalMs: number): EndpointDelays {
  return {
    minMs: Math.min(typicalMs, Math.max(200, Math.round(typicalMs * 0.75))),
    typicalMs,
    patientMs: Math.max(typicalMs, Math.min(1_200, Math.round(typicalMs * 1.4))),
    maxMs: Math.max(typicalMs, Math.min(1_500, Math.round(typicalMs * 2.9))),
  };
}

/**
 * After a question or a request: log-odds that the turn is over, less what the words say for it. Logistic regression on the
 * tuning half of the set of `bench endpointing` (82 ends of turns, 78 pauses), where words and voice together have 0.87 of the
 * area under the curve, words alone 0.77. The slope of the pitch and the length of the last syllable added nothing. After
 * statements the voice says too little: people pause after whole sentences with the same fall as at the end.
 */
const LOG_ODDS_PER_PITCH_RATIO = -1.1;
const LOG_ODDS_PER_LEVEL_DB = -0.08;
/** What the two cues can add up to; wilder values are errors of the tracker. */
const PITCH_RATIO_LIMITS = { lowest: -3, highest: 2 };
const LEVEL_DB_LIMITS = { lowest: -20, highest: 10 };
/** From here on the least delay holds: an even voice after a question. */
const CERTAIN_LOG_ODDS = 0;
/** … and from here down the patient one. */
const DOUBTFUL_LOG_ODDS = -0.4;
/** The quiet tail of the speech counts as silence, up to this, ms. */
const LONGEST_QUIET_TAIL_MS = 120;

/** Resumed pauses that must have been seen before they count. */
const MIN_PAUSES = 3;
/** Beyond the user's usual pause, so that the next one like it is waited out, ms. */
const PAUSE_MARGIN_MS = 120;

/** Rules and weights instead of a model: words, the end of the voice, this user's own pauses. */
export function createEndpointScorer(delays: EndpointDelays): EndpointScorer {
  return {
    isWorthPreparing: ({ text }) => judgeCompleteness(text) !== "open",
    endpointDelayMs({ text, prosody, resumedPausesMs }) {
      const delayMs = delayByForm(delays, judgeCompleteness(text), prosody);
      const usualPauseMs = upperMedian(resumedPausesMs);
      if (usualPauseMs === undefined) return delayMs;
      return Math.max(delayMs, Math.min(delays.typicalMs + delays.minMs, usualPauseMs + PAUSE_MARGIN_MS));
    },
  };
}

function delayByForm(delays: EndpointDelays, form: Completeness, prosody: ProsodyCues | undefined): number {
  switch (form) {
    case "open":
      return delays.maxMs;
    case "half-open":
      return Math.round((delays.typicalMs + delays.maxMs) / 2);
    case "asked":
      return fromSpeechEnd(delays.minMs + doubtRatio(prosody) * (delays.patientMs - delays.minMs), prosody);
    case "complete":
    case "unclear":
      return fromSpeechEnd(delays.patientMs, prosody);
    default:
      return assertNever(form);
  }
}

/** 0: the voice ends as at the end of a turn; 1: it does not. */
function doubtRatio(prosody: ProsodyCues | undefined): number {
  if (prosody === undefined) return 0;
  const logOdds =
    LOG_ODDS_PER_PITCH_RATIO * limit(prosody.finalPitchRatio, PITCH_RATIO_LIMITS) +
    LOG_ODDS_PER_LEVEL_DB * limit(prosody.finalLevelDb, LEVEL_DB_LIMITS);
  return limit((CERTAIN_LOG_ODDS - logOdds) / (CERTAIN_LOG_ODDS - DOUBTFUL_LOG_ODDS), { lowest: 0, highest: 1 });
}

/** A delay from the last sound, counted from the end of the speech: shorter by the quiet tail. */
function fromSpeechEnd(fromLastSoundMs: number, prosody: ProsodyCues | undefined): number {
  return Math.round(Math.max(0, fromLastSoundMs - Math.min(LONGEST_QUIET_TAIL_MS, prosody?.quietTailMs ?? 0)));
}

function limit(value: number, { lowest, highest }: { lowest: number; highest: number }): number {
  return Math.max(lowest, Math.min(highest, value));
}

function upperMedian(values: readonly number[]): number | undefined {
  if (values.length < MIN_PAUSES) return undefined;
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

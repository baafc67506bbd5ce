import { assertNever } from "../lifecycle/assert-never";
import type { ProsodyCues } from "../speech/prosody-tracker";
import { judgeCompleteness, spokenWords, type Completeness } from "./completeness";
import { doubtRatio, voiceHeldRatio } from "./end-likelihood";

/** What is known when a silence begins. */
export interface EndpointEvidence {
  /** Transcript of the user's turn up to the silence; cased and punctuated as the ears write it. */
  text: string;
  /** How the voice ended; undefined when it says nothing, as in a whisper. */
  prosody: ProsodyCues | undefined;
  /** How often in the last minutes the user went on after a silence that had been taken for the end. */
  cutOffCount: number;
}

export interface EndpointJudgement {
  /** How long to wait for more, from the end of the speech. */
  endpointDelayMs: number;
  /** False while the words are so open that an answer to them would be thrown away. */
  isWorthPreparing: boolean;
}

/** A model may take the place of the rules behind this. */
export interface EndpointScorer {
  judge(evidence: EndpointEvidence): EndpointJudgement;
}

export interface EndpointDelays {
  /** The turn is over as far as words and voice tell, ms. */
  minMs: number;
  /** What the others are made from, ms. */
  typicalMs: number;
  /** It may be over, ms. */
  patientMs: number;
  /** The thought is open: a trailing "and", a filler, an unfinished number, and a voice that was held up, ms. */
  maxMs: number;
}

/** The bounds that go with a typical delay: short enough to be quick, long enough for an open thought. */
export function endpointDelaysAround(typicalMs: number): EndpointDelays {
  return {
    minMs: Math.min(typicalMs, Math.max(200, Math.round(typicalMs * 0.75))),
    typicalMs,
    patientMs: Math.max(typicalMs, Math.min(1_200, Math.round(typicalMs * 1.5))),
    maxMs: Math.max(typicalMs, Math.min(1_500, Math.round(typicalMs * 2.9))),
  };
}

/** The quiet tail of the speech counts as silence, up to this, ms. */
const LONGEST_QUIET_TAIL_MS = 120;
/** Once may be chance; from here on it is this user's way of speaking. */
const MIN_CUT_OFFS = 2;

/** Weights instead of a model: words, the end of the voice, what happened to this user before. */
export function createEndpointScorer(delays: EndpointDelays): EndpointScorer {
  return {
    judge({ text, prosody, cutOffCount }) {
      const form = judgeCompleteness(text);
      const fromLastSoundMs = delayAfter(form, { delays, prosody, cutOffCount, wordCount: spokenWords(text).length });
      const quietTailMs = Math.min(LONGEST_QUIET_TAIL_MS, prosody?.quietTailMs ?? 0);
      return {
        endpointDelayMs: Math.round(Math.max(0, fromLastSoundMs - quietTailMs)),
        isWorthPreparing: form !== "open",
      };
    },
  };
}

interface EndSigns {
  delays: EndpointDelays;
  prosody: ProsodyCues | undefined;
  cutOffCount: number;
  wordCount: number;
}

function delayAfter(form: Completeness, { delays, ...signs }: EndSigns): number {
  const { minMs, typicalMs, patientMs, maxMs } = delays;
  const openRatio = voiceHeldRatio(signs.prosody);
  switch (form) {
    case "open":
      return between(patientMs, maxMs, openRatio);
    case "half-open":
      return between(patientMs, Math.max(patientMs, (typicalMs + maxMs) / 2), openRatio);
    case "question":
    case "request":
    case "asked":
    case "short":
    case "complete":
    case "unclear":
      return signs.cutOffCount < MIN_CUT_OFFS ? between(minMs, patientMs, doubtRatio(form, signs)) : patientMs;
    default:
      return assertNever(form);
  }
}

function between(shortMs: number, longMs: number, ratio: number): number {
  return shortMs + ratio * (longMs - shortMs);
}

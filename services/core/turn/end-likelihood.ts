import type { ProsodyCues } from "../speech/prosody-tracker";
import type { Completeness } from "./completeness";

/** Words after which the turn may be over. */
export type EndableForm = Exclude<Completeness, "half-open" | "open">;

/**
 * Log-odds that the turn is over, after words that may be all. Logistic regression (L2, 1) on 226 silences of both tuning
 * halves, `bench endpointing` and the scripted user; cross-validated by sentence, the area under the curve is 0.89 and 0.75.
 * Slope of the pitch, length of the last syllable and the last punctuation mark added nothing.
 */
const LOG_ODDS = {
  anyForm: 0.37,
  /**
   * "request" and "short" are set by hand, the one certain after an average voice, the other nearly so: the sets hold too few of
   * them (1 pause and 10 ends, 1 and 3; the pauses after a voice that rose).
   */
  form: { question: 1.72, request: 1.4, asked: 0.27, short: 1.3, complete: 0, unclear: 1 },
  /** For twice the words. */
  perDoubledWords: 2.2,
  perPitchRatio: -0.49,
  perLevelDb: -0.027,
} as const;
/**
 * A long statement is over when the voice says so, too: readers hold the pitch up at the borders of its clauses. By hand: on the
 * tuning halves 10 of 91 whole statements wait longer for it, and the mean wait grows by 14 ms.
 */
const HELD_STATEMENT = { fromPitchRatio: -0.7, toPitchRatio: -0.4, logOdds: -0.6 };
/** As whole with few words as with many. */
const FORMS_OF_ANY_LENGTH: ReadonlySet<EndableForm> = new Set<EndableForm>(["question", "request", "short"]);
const USUAL_WORD_COUNT = 6;
const WORD_COUNT_LIMITS = { lowest: 3, highest: 9 };
/** Wilder values are errors of the tracker. */
const PITCH_RATIO_LIMITS = { lowest: -2, highest: 1 };
const LEVEL_DB_LIMITS = { lowest: -12, highest: 8 };
/** A voice without pitch, as in a whisper, counts as this one, the average of the set. */
const AVERAGE_VOICE = { finalPitchRatio: -0.6, finalLevelDb: 0 };

/**
 * From here on the end is certain enough for the least delay … With 1.5 to 2, 1 and 0 percent of the pauses in the two tuning
 * halves end a turn, and the median wait after whole turns is 306 ms; with 1 to 1.5 it is 5 and 7 percent and 290 ms, with
 * 2 to 2.5 1 and 0 percent and 579 ms.
 */
const CERTAIN_LOG_ODDS = 2;
/** … and from here down it is not certain at all. */
const DOUBTFUL_LOG_ODDS = 1.4;
/** By the voice alone: it fell as at the end of a turn … */
const FALLEN_LOG_ODDS = 0.5;
/** … or was held up, as for more. */
const HELD_LOG_ODDS = 0.2;

/** 0: the turn is over as far as words and voice tell; 1: the user may well go on. */
export function doubtRatio(form: EndableForm, signs: { prosody: ProsodyCues | undefined; wordCount: number }): number {
  const doublings = Math.log2(limit(signs.wordCount, WORD_COUNT_LIMITS) / USUAL_WORD_COUNT);
  const logOdds =
    LOG_ODDS.anyForm +
    LOG_ODDS.form[form] +
    (FORMS_OF_ANY_LENGTH.has(form) ? 0 : LOG_ODDS.perDoubledWords * doublings) +
    voiceLogOdds(signs.prosody) +
    (form === "complete" ? heldStatementLogOdds(signs.prosody) : 0);
  return limit((CERTAIN_LOG_ODDS - logOdds) / (CERTAIN_LOG_ODDS - DOUBTFUL_LOG_ODDS), { lowest: 0, highest: 1 });
}

function heldStatementLogOdds(prosody: ProsodyCues | undefined): number {
  const { fromPitchRatio, toPitchRatio, logOdds } = HELD_STATEMENT;
  const { finalPitchRatio } = prosody ?? AVERAGE_VOICE;
  const heldRatio = (finalPitchRatio - fromPitchRatio) / (toPitchRatio - fromPitchRatio);
  return logOdds * limit(heldRatio, { lowest: 0, highest: 1 });
}

/** 1: the voice was held up, as for more; 0: it fell, and the words may be misheard. */
export function voiceHeldRatio(prosody: ProsodyCues | undefined): number {
  if (prosody === undefined) return 1;
  const ratio = (FALLEN_LOG_ODDS - voiceLogOdds(prosody)) / (FALLEN_LOG_ODDS - HELD_LOG_ODDS);
  return limit(ratio, { lowest: 0, highest: 1 });
}

function voiceLogOdds(prosody: ProsodyCues | undefined): number {
  const { finalPitchRatio, finalLevelDb } = prosody ?? AVERAGE_VOICE;
  return (
    LOG_ODDS.perPitchRatio * limit(finalPitchRatio, PITCH_RATIO_LIMITS) +
    LOG_ODDS.perLevelDb * limit(finalLevelDb, LEVEL_DB_LIMITS)
  );
}

function limit(value: number, { lowest, highest }: { lowest: number; highest: number }): number {
  return Math.max(lowest, Math.min(highest, value));
}

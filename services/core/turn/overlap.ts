import type { OverlapVerdict } from "#contracts/protocol/server-message";
import { canBeSaid, judgeOverlapWords, type OverlapWords } from "./overlap-words";
import { WH_WORDS } from "./word-classes";

/** What is known of speech over the agent while it goes on. */
export interface OverlapEvidence {
  /** From the onset to the last voiced window, ms. */
  speechMs: number;
  /** Since the last voiced window, ms; 0 while the voice goes on. */
  silenceMs: number;
  /** From the first window that may have been speech to the onset, ms: an "s" or a soft start. */
  leadMs: number;
  /** The speech has ended, and all of it was transcribed or cannot be. */
  isOver: boolean;
  /** Transcripts of the overlap from its beginning, oldest first; each covers more speech than the one before. */
  transcripts: readonly string[];
  /** The last of them covers all the speech so far. */
  isHeard: boolean;
  /** How much of the speech it covers, ms. */
  heardMs: number;
  /** Mean level of its voiced windows, dBFS. */
  levelDb: number;
  /** The same for this user's turns so far; undefined before the first one. */
  usualLevelDb: number | undefined;
  /** Mean share of neighbouring samples between which the sign changes: hiss and coughs lie above voices. */
  zeroCrossingRatio: number;
  /** It was judged to be side talk before, or follows at once on some. */
  wasSideTalk: boolean;
  /** How likely it is that the mic hears the agent itself, 0 to 1; absent where nobody compares. */
  echoRatio?: number;
}

/** "undecided": more will tell. "doubtful": more will tell, and meanwhile the agent should be silent, as a person would. */
export type OverlapJudgement = OverlapVerdict | "undecided" | "doubtful";

/** Decides what an overlap is. A model may take the place of the rules behind this. */
export interface OverlapJudge {
  /** Never undecided nor doubtful when the evidence `isOver`. */
  judge(evidence: OverlapEvidence): OverlapJudgement;
}

export interface OverlapRules {
  /** An overlap that lasts so long undecided is doubtful, ms. */
  holdAfterMs: number;
}

/** So much below the usual level, speech is taken to be meant for somebody else, dB. */
const SIDE_TALK_DROP_DB = 10;
/** … and until it is this near, what was side talk remains it: loudness goes up and down in a sentence. */
const SIDE_TALK_STAYS_DB = 6;
const ECHO_RATIO = 0.5;
/** Less is no echo … */
const CLEAR_ECHO_RATIO = 0.25;
/** … but from here on the agent was heard, too, and was taken out. */
const MANGLED_ECHO_RATIO = 0.1;
/** Before, words are a guess at a syllable, and undecided, ms. */
const MIN_WORDS_MS = 250;
/** A listener's "I see" or "yeah, yeah" may last so much longer before it is doubtful, ms. */
const BACKCHANNEL_GRACE_MS = 250;
/** … and when it was heard twice in a row, a slow "oh, okay", so much. */
const SURE_BACKCHANNEL_GRACE_MS = 500;
/**
 * Sounds without a word that have lasted so much longer than `holdAfterMs` are laughter, humming or noise; of speech
 * something would have been understood. Below the 300 ms from which on a silence no longer sounds like a breath.
 */
const WORDLESS_GRACE_MS = 220;
/** … once a transcript covers so much more than `holdAfterMs`: one with words takes the ears longer than one without. */
const WORDLESS_HEARD_MS = 180;
/** … which is waited for so long after `holdAfterMs`. */
const WORDLESS_LIMIT_MS = 260;
/** After a backchannel so much silence is its end; inside words silences are shorter, ms. */
const SOON_OVER_MS = 64;
/**
 * Before, words are doubtful, heard twice or not: the agent is silent and loses nothing by waiting. A whole overlap so short is
 * a misheard "yeah" or "oh" more often than a word, unless it is heard the same twice, ms.
 */
const SHORT_MS = 400;
/** … or loud and no shorter than this: the "stop" of a fast voice. */
const MIN_FIRM_MS = 180;
/** Listeners speak more softly than who wants the floor: from this near to the usual level on, dB, listening is doubted. */
const LOUD_DROP_DB = 1.5;
/** No user is so much louder than usual, dB: that is the agent. */
const MAX_LOUD_DB = 6;
/** … so that words which a listener says, heard twice, are doubtful this much sooner than a soft voice's, ms … */
const LOUD_BACKCHANNEL_GRACE_MS = 100;
/** … and sounds without a word are waited for so much longer. */
const LOUD_WORDLESS_MS = 300;
/** A loud sound of this length is a word that the ears have missed, as nine of 179 that should have stopped the agent, ms. */
const MIN_SHOUT_MS = 240;
/** … of more something would have been understood. */
const MAX_SHOUT_MS = 450;
/** Without ears, this much speech counts as an interruption, ms. */
const UNHEARD_INTERRUPTION_MS = 500;
const HISS_RATIO = 0.25;

/** Rules instead of a model: echo and level first, then the words, then the length. */
export function createRuleOverlapJudge(rules: OverlapRules): OverlapJudge {
  return {
    judge(evidence) {
      const { echoRatio = 0, levelDb, usualLevelDb } = evidence;
      if (echoRatio >= ECHO_RATIO) return "echo";
      const isSurelyHeard = evidence.speechMs >= MIN_WORDS_MS && isRepeated(evidence);
      const kind = isSurelyHeard ? judgeOverlapWords(evidence.transcripts.at(-1) ?? "") : kindOf(evidence);
      const dropDb = evidence.wasSideTalk ? SIDE_TALK_STAYS_DB : SIDE_TALK_DROP_DB;
      if (usualLevelDb !== undefined && levelDb < usualLevelDb - dropDb) return judgeQuiet(evidence, kind);
      const isSure = evidence.isOver || saidMs(evidence) >= MIN_WORDS_MS || isConfirmed(evidence);
      if (kind === "command" && isSure) return "interruption";
      return evidence.isOver ? judgeWhole(evidence, kind) : judgeRunning(evidence, kind, rules);
    },
  };
}

function kindOf({ transcripts, speechMs }: OverlapEvidence, back = 1): OverlapWords {
  const transcript = transcripts.at(-back) ?? "";
  const kind = judgeOverlapWords(transcript);
  return kind === "words" && !canBeSaid(transcript, speechMs) ? "fragment" : kind;
}

/** An "s" or "x" says nothing of how loud the voice is. */
function judgeQuiet({ speechMs, isOver, zeroCrossingRatio }: OverlapEvidence, kind: OverlapWords): OverlapJudgement {
  if (isOver && (kind === "none" || kind === "fragment")) return "noise";
  const isHiss = zeroCrossingRatio >= HISS_RATIO;
  return isOver || (speechMs >= MIN_WORDS_MS && !isHiss) ? "side-talk" : "undecided";
}

function judgeRunning(evidence: OverlapEvidence, kind: OverlapWords, { holdAfterMs }: OverlapRules): OverlapJudgement {
  const { speechMs, silenceMs, transcripts, isHeard } = evidence;
  if (transcripts.length === 0 && speechMs >= UNHEARD_INTERRUPTION_MS) return "interruption";
  if (kind === "words" && saidMs(evidence) >= MIN_WORDS_MS)
    return isConfirmed(evidence) && speechMs >= SHORT_MS ? "interruption" : "doubtful";
  if (silenceMs >= SOON_OVER_MS && kind === "backchannel") return "backchannel";
  const isSoonOver = isHeard && silenceMs >= SOON_OVER_MS && speechMs >= holdAfterMs;
  const isLong = isLongWithoutWords(evidence, holdAfterMs);
  if (kind === "none" && isLong && isMangled(evidence)) return "interruption";
  if (kind === "none" && isSoonOver && isShout(evidence)) return "interruption";
  if (kind === "none" && (isSoonOver || isLong)) return wordless(evidence);
  return speechMs + evidence.leadMs >= holdAfterMs + graceMs(evidence) ? "doubtful" : "undecided";
}

function isLongWithoutWords(evidence: OverlapEvidence, holdAfterMs: number): boolean {
  const { speechMs, leadMs, heardMs } = evidence;
  const waitedMs = holdAfterMs + (isLoud(evidence) ? LOUD_WORDLESS_MS : 0);
  const overMs = speechMs + leadMs - waitedMs;
  const isHeard = heardMs + leadMs - waitedMs >= WORDLESS_HEARD_MS;
  return overMs >= (isHeard ? WORDLESS_GRACE_MS : WORDLESS_LIMIT_MS);
}

/** Words need no more sound: a short silence after them is part of their end. */
function saidMs({ speechMs, silenceMs }: OverlapEvidence): number {
  return speechMs + silenceMs;
}

function graceMs(evidence: OverlapEvidence): number {
  const [last, before] = [kindOf(evidence), kindOf(evidence, 2)];
  const isSure = last === "backchannel" && before === "backchannel";
  if (isLoud(evidence)) return isSure ? LOUD_BACKCHANNEL_GRACE_MS : 0;
  if (isSure) return SURE_BACKCHANNEL_GRACE_MS;
  return last === "backchannel" || before === "backchannel" ? BACKCHANNEL_GRACE_MS : 0;
}

function isLoud({ levelDb, usualLevelDb }: OverlapEvidence): boolean {
  return usualLevelDb !== undefined && levelDb >= usualLevelDb - LOUD_DROP_DB;
}

function isSoft(evidence: OverlapEvidence): boolean {
  return evidence.usualLevelDb !== undefined && !isLoud(evidence);
}

/** Neither hiss nor possibly the agent's own voice. */
function isClear({ zeroCrossingRatio, echoRatio = 0 }: OverlapEvidence): boolean {
  return zeroCrossingRatio < HISS_RATIO && echoRatio < CLEAR_ECHO_RATIO;
}

/** What is left of a voice where the echo was taken out: the ears miss its words. */
function isMangled(evidence: OverlapEvidence): boolean {
  return isClearlyUser(evidence) && (evidence.echoRatio ?? 0) >= MANGLED_ECHO_RATIO;
}

/** As loud as this user's turns, and no louder than a user is. */
function isClearlyUser(evidence: OverlapEvidence): boolean {
  const { levelDb, usualLevelDb = levelDb } = evidence;
  return isLoud(evidence) && levelDb <= usualLevelDb + MAX_LOUD_DB && isClear(evidence);
}

/** Listeners' hums and laughs are softer; coughs and clicks hiss, or are no voice at all. */
function isShout(evidence: OverlapEvidence): boolean {
  const { speechMs } = evidence;
  return speechMs >= MIN_SHOUT_MS && speechMs < MAX_SHOUT_MS && isClearlyUser(evidence);
}

function judgeWhole(evidence: OverlapEvidence, kind: OverlapWords): OverlapVerdict {
  if (evidence.transcripts.length === 0)
    return evidence.speechMs >= UNHEARD_INTERRUPTION_MS ? "interruption" : wordless(evidence);
  if (hadCommand(evidence)) return "interruption";
  const isFirm = evidence.speechMs >= MIN_FIRM_MS && isLoud(evidence) && isClear(evidence);
  if (isFirm && (hadWords(evidence) || isRepeatedWord(evidence))) return "interruption";
  if (kind === "words")
    return isFirm || evidence.speechMs >= SHORT_MS || isSaidAgain(evidence) ? "interruption" : "backchannel";
  if (kind === "none" && isShout(evidence)) return "interruption";
  return kind === "backchannel" ? "backchannel" : wordless(evidence);
}

/** The last two transcripts are the same words: nobody made them up, though the speech may have begun before its detection. */
function isRepeated({ transcripts }: OverlapEvidence): boolean {
  const [before = "", last = ""] = transcripts
    .slice(-2)
    .map((text) => text.toLowerCase().replace(/[^\p{L}\p{N} ]/gu, ""));
  return transcripts.length > 1 && before === last;
}

/** Heard the same twice: of what is softer than the user's turns only "what?" and the like, for the rest may be a misheard "sure". */
function isSaidAgain(evidence: OverlapEvidence): boolean {
  const [first = ""] = /\p{L}+/u.exec((evidence.transcripts.at(-1) ?? "").toLowerCase()) ?? [];
  return isRepeated(evidence) && (!isSoft(evidence) || WH_WORDS.has(first));
}

/** The whole of a clipped "stop" may be understood less well than its beginning. "No" alone is too often a misheard hum. */
function hadCommand({ transcripts }: OverlapEvidence): boolean {
  return transcripts.some((text) => judgeOverlapWords(text) === "command" && !/^no\b/iu.test(text));
}

/** Two transcripts in a row had some, whatever the later ones make of it. */
function hadWords(evidence: OverlapEvidence): boolean {
  const isWords = (back: number): boolean => kindOf(evidence, back) === "words";
  return evidence.transcripts.some((_, index) => index > 0 && isWords(index) && isWords(index + 1));
}

/** "So": hardly a word, but one that was said, for it was heard the same twice. */
function isRepeatedWord(evidence: OverlapEvidence): boolean {
  return kindOf(evidence) === "fragment" && isRepeated(evidence) && /\p{L}{2}/u.test(evidence.transcripts.at(-1) ?? "");
}

/** What a listener says may be understood less well the more of it there is. */
function hadBackchannel(evidence: OverlapEvidence): boolean {
  return evidence.transcripts.some((_, index) => kindOf(evidence, index + 1) === "backchannel");
}

function wordless(evidence: OverlapEvidence): OverlapVerdict {
  return evidence.zeroCrossingRatio >= HISS_RATIO && !hadBackchannel(evidence) ? "noise" : "backchannel";
}

/** A guess that the next one does not bear out was a guess. */
function isConfirmed(evidence: OverlapEvidence): boolean {
  const before = kindOf(evidence, 2);
  return before === "words" || before === "command";
}

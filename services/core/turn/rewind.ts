/** A word of the agent's turn, samples of the turn's audio and offsets in its text. */
export interface RewindWord {
  startSamples: number;
  endSamples: number;
  textStart: number;
  textEnd: number;
}

export interface RewindRequest {
  text: string;
  words: readonly RewindWord[];
  /** Where the voice fell silent. */
  cutSamples: number;
  /** From here on the words were hard to hear. */
  maskedFromSamples: number;
  /** The furthest that was gone back in this turn before; −1 when never. */
  lastRewindSamples: number;
  /** All words of the turn are known. */
  isComplete: boolean;
}

/** 1.2 s at 48 kHz: who has missed so much needs the clause again, not the word. */
const CLAUSE_MASK_SAMPLES = 57_600;
/** 2 s: nobody wants to hear more again. */
const MAX_REWIND_SAMPLES = 96_000;

/** 40 ms: so much before its timing a word may begin to sound. */
const LEAD_SAMPLES = 1_920;

/**
 * Where in the turn the voice goes on after it was silenced for nothing: at the start of the first masked word, or of its
 * clause when much was masked; with the next word when it fell silent between two, for there has been a pause; exactly where it
 * fell silent in the last word, or at a place gone back to before.
 */
export function chooseRewind(request: RewindRequest): number {
  const { words, cutSamples, maskedFromSamples, lastRewindSamples, isComplete } = request;
  const isInLastWord = isComplete && cutSamples >= (words.at(-1)?.startSamples ?? 0);
  const masked = words.findIndex((word) => word.endSamples > Math.min(maskedFromSamples, cutSamples));
  const isLong = cutSamples - maskedFromSamples >= CLAUSE_MASK_SAMPLES;
  const start = words[isLong ? clauseStart(request, masked) : masked]?.startSamples;
  if (start === undefined || isInLastWord) return cutSamples;
  if (start >= cutSamples) return Math.max(cutSamples, start - LEAD_SAMPLES);
  const isTooFar = cutSamples - start > MAX_REWIND_SAMPLES || start <= lastRewindSamples;
  return isTooFar ? cutSamples : start;
}

/** Index of the first word of the clause in which the word stands. */
function clauseStart({ text, words }: RewindRequest, index: number): number {
  for (let at = index; at > 0; at--) {
    const between = text.slice(words[at - 1]?.textStart ?? 0, words[at]?.textStart ?? 0);
    if (/[,;:.!?]["')\]]*\s*$/u.test(between)) return at;
  }
  return 0;
}

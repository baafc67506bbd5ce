/** A word of the agent's turn on the session's sample clock (48 kHz) and in the turn's text (UTF-16 offsets). */
export interface TimedWord {
  startSample: number;
  endSample: number;
  textStart: number;
  textEnd: number;
}

export interface HeardSplit {
  heardText: string;
  unheardText: string;
}

/**
 * Splits a turn's text at the playout position [TT23]: a word counts as heard when its last sample was played.
 * Punctuation and markup that follow a heard word belong to it. `words` are in order; text behind the last timed
 * word is unheard unless `isComplete` (all audio of the turn was played).
 */
export function splitAtPlayout(
  text: string,
  words: readonly TimedWord[],
  playout: { positionSamples: number; isComplete: boolean },
): HeardSplit {
  if (playout.isComplete) return { heardText: text, unheardText: "" };
  const heardCount = countHeardWords(words, playout.positionSamples);
  if (heardCount === 0) return { heardText: "", unheardText: text };
  const lastHeardEnd = words[heardCount - 1]?.textEnd ?? 0;
  const cut = words[heardCount]?.textStart ?? endOfPunctuation(text, lastHeardEnd);
  return { heardText: text.slice(0, cut).trimEnd(), unheardText: text.slice(cut) };
}

function countHeardWords(words: readonly TimedWord[], positionSamples: number): number {
  const firstUnheard = words.findIndex((word) => word.endSample > positionSamples);
  return firstUnheard === -1 ? words.length : firstUnheard;
}

/** End of the run of characters that are neither letters, digits nor spaces. */
function endOfPunctuation(text: string, from: number): number {
  const match = /^[^\p{L}\p{N}\s]*/u.exec(text.slice(from));
  return from + (match?.[0].length ?? 0);
}

import { normalisedWords } from "../text/word-error-rate";

export interface SpokenWord {
  text: string;
  /** On the agent's sample clock, 48 kHz. */
  startSample: number;
  endSample: number;
}

/** Words that began to be played so long before are in the room no more: an utterance of 4 s and its tail. */
const KEPT_MS = 5_000;
const MAX_WORDS = 64;
/** One or two words prove little: people say "yes" and "go on" as well. */
const CERTAIN_WORDS = 3;
/** A word is the same if so much of it is: ears write an echo a little differently. */
const SAME_WORD_RATIO = 0.6;

/** Remembers the words that the speaker played lately, and knows them when they come back as a transcript. */
export class OwnWords {
  #words: SpokenWord[] = [];

  add(words: readonly SpokenWord[]): void {
    this.#words = [...this.#words, ...words].slice(-MAX_WORDS);
  }

  /**
   * How likely it is that this was the agent, 0 to 1: the share of its words that were played lately in the same order,
   * less when there are only one or two. `positionSamples`: where the speaker is, 48 kHz.
   */
  likelihood(transcript: string, { positionSamples }: { positionSamples: number }): number {
    const heard = normalisedWords(transcript);
    const fromSample = positionSamples - KEPT_MS * 48;
    const played = this.#words
      .filter(({ startSample, endSample }) => endSample >= fromSample && startSample <= positionSamples)
      .flatMap(({ text }) => normalisedWords(text));
    if (heard.length === 0 || played.length === 0) return 0;
    const common = commonInOrder(heard, played);
    return (common / heard.length) * Math.min(1, common / CERTAIN_WORDS);
  }

  /** All of this was being played, in the same order, between these places, 48 kHz. */
  wasPlayed(transcript: string, { fromSample, toSample }: { fromSample: number; toSample: number }): boolean {
    const heard = normalisedWords(transcript);
    const played = this.#words
      .filter(({ startSample, endSample }) => endSample > fromSample && startSample < toSample)
      .flatMap(({ text }) => normalisedWords(text));
    return heard.length > 0 && commonInOrder(heard, played) === heard.length;
  }
}

/** Length of the longest common subsequence. */
function commonInOrder(heard: readonly string[], played: readonly string[]): number {
  let previous = new Array<number>(played.length + 1).fill(0);
  for (const word of heard) {
    const current = [0];
    for (const [i, other] of played.entries()) {
      const taken = isSameWord(word, other) ? (previous[i] ?? 0) + 1 : 0;
      current.push(Math.max(taken, previous[i + 1] ?? 0, current[i] ?? 0));
    }
    previous = current;
  }
  return previous[played.length] ?? 0;
}

/** Short words must be the same; of longer ones, most letters in the same order. */
function isSameWord(a: string, b: string): boolean {
  if (a === b) return true;
  if (Math.min(a.length, b.length) < 4) return false;
  return commonLetters(a, b) / Math.max(a.length, b.length) >= SAME_WORD_RATIO;
}

function commonLetters(a: string, b: string): number {
  let previous = new Array<number>(b.length + 1).fill(0);
  for (const letter of a) {
    const current = [0];
    for (let i = 0; i < b.length; i++) {
      const taken = letter === b[i] ? (previous[i] ?? 0) + 1 : 0;
      current.push(Math.max(taken, previous[i + 1] ?? 0, current[i] ?? 0));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

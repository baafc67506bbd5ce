import type { Phone } from "./flite-program";

export const SILENCE = "pau";

const VOWELS = new Set([
  "aa",
  "ae",
  "ah",
  "ao",
  "aw",
  "ax",
  "ay",
  "eh",
  "er",
  "ey",
  "ih",
  "iy",
  "ow",
  "oy",
  "uh",
  "uw",
  "a",
  "e",
  "i",
  "o",
  "u",
]);

/** Costs of one step. Silence belongs between words, so it may be skipped for nothing there. */
const SAME_KIND_COST = 1;
const OTHER_KIND_COST = 2.2;
const SKIP_COST = 1.1;
const SILENCE_IN_WORD_COST = 1.5;

export interface WordSpan {
  startMs: number;
  endMs: number;
}

/**
 * How a word whose pronunciation is not known might sound: one stand-in per letter, which the alignment
 * matches by kind (vowel or consonant).
 */
export function guessPhones(word: string): string[] {
  return [...word.toLowerCase().replace(/[^a-z]/g, "")];
}

function substitutionCost(expected: string, heard: string): number {
  if (expected === heard) return 0;
  return VOWELS.has(expected) === VOWELS.has(heard) ? SAME_KIND_COST : OTHER_KIND_COST;
}

interface ExpectedPhone {
  name: string;
  wordIndex: number;
  isFirstOfWord: boolean;
}

type Step = 0 | 1 | 2;
const MATCH: Step = 0;
const EXTRA_HEARD: Step = 1;
const MISSING: Step = 2;

/** Cheapest way through both sequences (Needleman and Wunsch 1970); for each heard phone the index of its word. */
function assignWords(expected: readonly ExpectedPhone[], heard: readonly Phone[]): number[] {
  const width = heard.length + 1;
  const steps = new Uint8Array((expected.length + 1) * width);
  let previous = new Float64Array(width);
  let current = new Float64Array(width);
  for (let row = 0; row <= expected.length; row++) {
    const want = expected[row - 1];
    const isBetweenWords = row === expected.length || expected[row]?.isFirstOfWord === true;
    for (let column = 0; column <= heard.length; column++) {
      const have = heard[column - 1];
      let best = row === 0 && column === 0 ? 0 : Infinity;
      let step: Step = MATCH;
      if (want !== undefined && have !== undefined && have.name !== SILENCE) {
        best = (previous[column - 1] ?? 0) + substitutionCost(want.name, have.name);
      }
      if (have !== undefined) {
        const skip = have.name !== SILENCE ? SKIP_COST : isBetweenWords ? 0 : SILENCE_IN_WORD_COST;
        const cost = (current[column - 1] ?? 0) + skip;
        if (cost < best) [best, step] = [cost, EXTRA_HEARD];
      }
      if (want !== undefined) {
        const cost = (previous[column] ?? 0) + SKIP_COST;
        if (cost < best) [best, step] = [cost, MISSING];
      }
      current[column] = best;
      steps[row * width + column] = step;
    }
    [previous, current] = [current, previous];
  }

  const wordOf = new Array<number>(heard.length).fill(-1);
  let row = expected.length;
  let column = heard.length;
  while (row > 0 || column > 0) {
    const step = steps[row * width + column];
    if (step === MATCH) {
      wordOf[column - 1] = expected[row - 1]?.wordIndex ?? -1;
      row--;
      column--;
    } else if (step === EXTRA_HEARD) {
      if (heard[column - 1]?.name !== SILENCE) wordOf[column - 1] = expected[Math.max(0, row - 1)]?.wordIndex ?? -1;
      column--;
    } else row--;
  }
  return wordOf;
}

/**
 * Where each word sounds, given the phones that each is expected to have and the phones that were heard.
 * Spans are in order and do not overlap; a word that left no phone of its own gets an empty span where it must have been.
 */
export function alignWords(words: readonly (readonly string[])[], heard: readonly Phone[]): WordSpan[] {
  const expected = words.flatMap((phones, wordIndex) =>
    phones.map((name, index): ExpectedPhone => ({ name, wordIndex, isFirstOfWord: index === 0 })),
  );
  const wordOf = assignWords(expected, heard);
  const found = new Map<number, WordSpan>();
  heard.forEach((phone, index) => {
    const wordIndex = wordOf[index] ?? -1;
    if (wordIndex < 0) return;
    const startMs = heard[index - 1]?.endMs ?? 0;
    found.set(wordIndex, { startMs: found.get(wordIndex)?.startMs ?? startMs, endMs: phone.endMs });
  });
  let lastEndMs = 0;
  return words.map((_, wordIndex) => {
    const span = found.get(wordIndex) ?? { startMs: lastEndMs, endMs: lastEndMs };
    lastEndMs = Math.max(lastEndMs, span.endMs);
    return span;
  });
}

/** The phones between silences: one group for each word that was spoken with a pause after it. */
export function splitAtSilence(phones: readonly Phone[]): string[][] {
  const groups: string[][] = [];
  let group: string[] = [];
  for (const { name } of [...phones, { name: SILENCE }]) {
    if (name !== SILENCE) group.push(name);
    else if (group.length > 0) {
      groups.push(group);
      group = [];
    }
  }
  return groups;
}

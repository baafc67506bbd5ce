export interface WordErrors {
  /** Words to change, insert or delete to get from the reference to the hypothesis. */
  errors: number;
  referenceWords: number;
}

/** Written forms that are said as the word on the right. */
const SPOKEN_FORMS: ReadonlyMap<string, string> = new Map([
  ["mr", "mister"],
  ["mrs", "missus"],
  ["dr", "doctor"],
]);

/** Older spellings whose hyphen does not separate words. */
const HYPHENATED_WORDS = /^to-(day|night|morrow)$/;

/**
 * The words of a text as they are compared: lower case, without punctuation but with the apostrophes
 * inside words; compounds are split at hyphens, except to-day, to-night and to-morrow.
 */
export function normalisedWords(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll("\u2019", "'")
    .split(/[^\p{L}\p{N}'-]+/u)
    .map((word) => word.replace(/^['-]+|['-]+$/g, ""))
    .flatMap((word) => (HYPHENATED_WORDS.test(word) ? [word] : word.split("-")))
    .filter((word) => word !== "")
    .map((word) => SPOKEN_FORMS.get(word) ?? word);
}

/**
 * Word-level Levenshtein distance between the two texts after normalisation.
 * The word error rate is `errors / referenceWords`; over several texts, the ratio of the sums.
 */
export function wordErrors(reference: string, hypothesis: string): WordErrors {
  const expected = normalisedWords(reference);
  const actual = normalisedWords(hypothesis);
  let previous = Array.from({ length: actual.length + 1 }, (_, i) => i);
  for (const [row, word] of expected.entries()) {
    const current = [row + 1];
    for (const [column, other] of actual.entries()) {
      const substitution = (previous[column] ?? 0) + (word === other ? 0 : 1);
      current.push(Math.min(substitution, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return { errors: previous[actual.length] ?? 0, referenceWords: expected.length };
}

import { normalisedWords } from "#core/text/word-error-rate";

export interface WordDifferences {
  /** Words of the reference with nothing in their place. */
  lost: number;
  /** Words that stand in no place of the reference. */
  added: number;
  /** Words heard as another one. */
  changed: number;
}

type Cell = WordDifferences & { cost: number };

/** A change costs less than losing one word and adding another, so that a misheard word is neither lost nor added. */
const CHANGE_COST = 1.5;

/** The cheapest way from the reference to what was heard, word by word after normalisation. */
export function wordDifferences(reference: string, heard: string): WordDifferences {
  const expected = normalisedWords(reference);
  const actual = normalisedWords(heard);
  let previous = Array.from({ length: actual.length + 1 }, (_, added): Cell => cell({ added }));
  for (const [row, word] of expected.entries()) {
    const current = [cell({ lost: row + 1 })];
    for (const [column, other] of actual.entries()) {
      const diagonal = previous[column] ?? cell({});
      const above = previous[column + 1] ?? cell({});
      const left = current[column] ?? cell({});
      const options = [
        word === other ? diagonal : cell({ ...diagonal, changed: diagonal.changed + 1 }),
        cell({ ...above, lost: above.lost + 1 }),
        cell({ ...left, added: left.added + 1 }),
      ];
      current.push(options.reduce((best, option) => (option.cost < best.cost ? option : best)));
    }
    previous = current;
  }
  const { lost, added, changed } = previous[actual.length] ?? cell({});
  return { lost, added, changed };
}

function cell({ lost = 0, added = 0, changed = 0 }: Partial<WordDifferences>): Cell {
  return { lost, added, changed, cost: lost + added + CHANGE_COST * changed };
}

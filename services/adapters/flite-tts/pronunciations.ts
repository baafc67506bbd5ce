import { guessPhones } from "./phone-alignment";

/** Covers ordinary speech; about 2 MB when full. */
const WORD_LIMIT = 20_000;

/** Phones of words that were heard before; the word not used for longest goes first when it is full. */
export class Pronunciations {
  readonly #phonesOf = new Map<string, readonly string[]>();

  has(word: string): boolean {
    return this.#phonesOf.has(word);
  }

  learn(word: string, phones: readonly string[]): void {
    this.#phonesOf.delete(word);
    this.#phonesOf.set(word, phones);
    if (this.#phonesOf.size <= WORD_LIMIT) return;
    const [oldest] = this.#phonesOf.keys();
    if (oldest !== undefined) this.#phonesOf.delete(oldest);
  }

  /** A guess from the letters for a word that is not known. */
  phonesOf(word: string): readonly string[] {
    const known = this.#phonesOf.get(word);
    if (known === undefined) return guessPhones(word);
    this.learn(word, known);
    return known;
  }
}

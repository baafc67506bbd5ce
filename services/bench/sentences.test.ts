import { expect, it } from "vitest";
import { normalisedWords } from "#core/text/word-error-rate";
import { TWELVE_WORD_SENTENCES } from "./sentences";

it.each(TWELVE_WORD_SENTENCES)("has twelve words: %s", (sentence) => {
  expect(normalisedWords(sentence)).toHaveLength(12);
});
it("there are 20 different ones", () => {
  expect(new Set(TWELVE_WORD_SENTENCES).size).toBe(20);
});

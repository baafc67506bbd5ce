import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalisedWords, wordErrors } from "./word-error-rate";

describe("normalisedWords", () => {
  it("ignores case and punctuation", () => {
    expect(normalisedWords("Ten of clubs. \u201cFive,\u201d five!")).toEqual(["ten", "of", "clubs", "five", "five"]);
  });

  it("keeps apostrophes inside words, straight or curly, and drops quotes around them", () => {
    expect(normalisedWords("'don't' don\u2019t")).toEqual(["don't", "don't"]);
  });

  it("splits compounds at hyphens but keeps to-day, to-night and to-morrow", () => {
    expect(normalisedWords("cold-hearted to-day, To-morrow - well")).toEqual([
      "cold",
      "hearted",
      "to-day",
      "to-morrow",
      "well",
    ]);
  });

  it("says titles as words", () => {
    expect(normalisedWords("Mr. and Mrs. Dashwood, Dr. Who")).toEqual([
      "mister",
      "and",
      "missus",
      "dashwood",
      "doctor",
      "who",
    ]);
  });
});

describe("wordErrors", () => {
  it.each([
    ["a b c", "a b c", 0],
    ["a b c", "a x c", 1],
    ["a b c", "a c", 1],
    ["a b c", "a b c d", 1],
    ["a b c", "", 3],
    ["", "a b", 2],
    ["a b c d", "b c d a", 2],
  ])("%j heard as %j has %i errors", (reference, hypothesis, errors) => {
    expect(wordErrors(reference, hypothesis).errors).toBe(errors);
  });

  it("counts the words of the reference", () => {
    expect(wordErrors("Cold-hearted, he said.", "")).toEqual({ errors: 4, referenceWords: 4 });
  });

  it("is 0 exactly for equal words, the same both ways, and at most the longer length", () => {
    const words = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 8 });
    fc.assert(
      fc.property(words, words, (left, right) => {
        const { errors } = wordErrors(left.join(" "), right.join(" "));
        expect(wordErrors(right.join(" "), left.join(" ")).errors).toBe(errors);
        expect(errors === 0).toBe(left.join(" ") === right.join(" "));
        expect(errors).toBeLessThanOrEqual(Math.max(left.length, right.length));
        expect(errors).toBeGreaterThanOrEqual(Math.abs(left.length - right.length));
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { wordDifferences } from "./word-differences";

describe("wordDifferences", () => {
  it.each([
    ["one two three", "One, two, three.", { lost: 0, added: 0, changed: 0 }],
    ["one two three", "one three", { lost: 1, added: 0, changed: 0 }],
    ["one two three", "one two two three", { lost: 0, added: 1, changed: 0 }],
    ["one two three", "one too three", { lost: 0, added: 0, changed: 1 }],
    ["one two three four", "one too three four four", { lost: 0, added: 1, changed: 1 }],
    ["one two", "", { lost: 2, added: 0, changed: 0 }],
  ])("%s, heard as %s", (reference, heard, expected) => {
    expect(wordDifferences(reference, heard)).toEqual(expected);
  });
});

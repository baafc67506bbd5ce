import fc from "fast-check";
import { expect, it } from "vitest";
import { parseNumber, sayNumber, sayOrdinal, sayYear } from "./number-words";

it.each<[phrase: string, value: number]>([
  ["zero", 0],
  ["seven", 7],
  ["nineteen", 19],
  ["forty", 40],
  ["twenty-seven", 27],
  ["twenty seven", 27],
  ["a hundred", 100],
  ["a hundred and five", 105],
  ["one hundred five", 105],
  ["one thousand two hundred and three", 1203],
  ["five hundred thousand", 500_000],
  ["two million", 2e6],
  ["5 million", 5e6],
  ["1,000", 1000],
  ["3.14", 3.14],
  ["three point one four", 3.14],
  ["point five", 0.5],
  ["two and a half", 2.5],
  ["half", 0.5],
  ["a dozen", 12],
  ["minus six", -6],
  ["negative two", -2],
  ["nineteen eighty four", 1984],
  ["twenty twenty six", 2026],
  ["twelve hundred", 1200],
  ["thousand", 1000],
  ["ninety nine point nine", 99.9],
])("reads %j", (phrase, value) => {
  expect(parseNumber(phrase)).toBe(value);
});

it.each([
  "",
  "and",
  "a",
  "cat",
  "five cats",
  "one two",
  "hundred thousand million",
  "point",
  "three point",
  "two and",
  "five and six",
  "three three",
  "minus",
])("does not take %j for a number", (phrase) => {
  expect(parseNumber(phrase)).toBeUndefined();
});

it("reads what it says, for all whole numbers", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (value) => {
      expect(parseNumber(sayNumber(value) ?? "")).toBe(value);
    }),
  );
});
it("reads what it says, for decimals of up to four digits", () => {
  fc.assert(
    fc.property(fc.integer({ min: -9_999_999, max: 9_999_999 }), (tenThousandths) => {
      const value = tenThousandths / 10_000;
      expect(parseNumber(sayNumber(value) ?? "")).toBeCloseTo(value, 6);
    }),
  );
});
it.each<[value: number, words: string | undefined]>([
  [84, "eighty-four"],
  [-12, "minus twelve"],
  [3.14, "three point one four"],
  [0.05, "zero point zero five"],
  [100, "one hundred"],
  [-0.00001, "zero"],
  [1e15, undefined],
  [Infinity, undefined],
])("says %d as %j", (value, words) => {
  expect(sayNumber(value)).toBe(words);
});
it.each<[year: number, words: string]>([
  [2026, "twenty twenty-six"],
  [2005, "two thousand five"],
  [2000, "two thousand"],
  [1984, "nineteen eighty-four"],
  [1905, "nineteen oh five"],
  [1900, "nineteen hundred"],
  [2010, "twenty ten"],
])("says the year %d as %j", (year, words) => {
  expect(sayYear(year)).toBe(words);
});
it.each<[day: number, words: string]>([
  [1, "first"],
  [2, "second"],
  [12, "twelfth"],
  [20, "twentieth"],
  [21, "twenty-first"],
  [31, "thirty-first"],
])("says the day %d as %j", (day, words) => {
  expect(sayOrdinal(day)).toBe(words);
});

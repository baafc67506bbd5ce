import { expect, it } from "vitest";
import { sayDate, sayTime } from "./time-and-date";

const at = (hour: number, minute: number): string => sayTime(new Date(2026, 2, 2, hour, minute));

it.each<[hour: number, minute: number, words: string]>([
  [0, 0, "midnight"],
  [0, 5, "twelve oh five at night"],
  [4, 30, "four thirty at night"],
  [10, 0, "ten o'clock in the morning"],
  [12, 0, "twelve o'clock noon"],
  [12, 30, "twelve thirty in the afternoon"],
  [17, 45, "five forty-five in the afternoon"],
  [18, 1, "six oh one in the evening"],
  [23, 59, "eleven fifty-nine at night"],
])("says %d:%d as %j", (hour, minute, words) => {
  expect(at(hour, minute)).toBe(words);
});

it("says a date by its day of the week", () => {
  expect(sayDate(new Date(2028, 1, 29))).toBe("Tuesday, the twenty-ninth of February, twenty twenty-eight");
});

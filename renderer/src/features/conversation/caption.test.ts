import { expect, test } from "vitest";
import type { TranscriptEntry } from "#core/client/conversation";
import { captionAt } from "./caption";

const running: TranscriptEntry = {
  type: "agent",
  id: 1,
  turn: 3,
  text: "Good morning. Later",
  unheardText: "",
  words: [
    { text: "Good", startSample: 1000, endSample: 2000, textStart: 0, textEnd: 4 },
    { text: "morning.", startSample: 2500, endSample: 4000, textStart: 5, textEnd: 13 },
  ],
  outcome: "running",
};

test("before the first word has come out there is none", () => {
  expect(captionAt([running], 1000)).toBeUndefined();
  expect(captionAt([], 5000)).toBeUndefined();
});

test("the word being heard follows the speaker", () => {
  expect(captionAt([running], 1001)).toEqual({ turn: 3, heardEnd: 0, wordEnd: 4 });
  expect(captionAt([running], 3999)).toEqual({ turn: 3, heardEnd: 5, wordEnd: 13 });
});

test("between words, and after the last one that is timed, no word is being heard", () => {
  expect(captionAt([running], 2200)).toEqual({ turn: 3, heardEnd: 4, wordEnd: 4 });
  expect(captionAt([running], 90_000)).toEqual({ turn: 3, heardEnd: 13, wordEnd: 13 });
});

test("a turn that has ended has no caption", () => {
  expect(captionAt([{ ...running, outcome: "completed" }], 3000)).toBeUndefined();
});

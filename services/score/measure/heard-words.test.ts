import { expect, it } from "vitest";
import { heardTextErrors } from "./heard-words";
import { traceSpeaker } from "./speaker-trace";
import { synthesizeConversation } from "./synthetic-conversation";

const WORDS = [
  [0, 400],
  [400, 800],
  [1_000, 1_400],
] as const;

function errorsFor(heardText: string, playedMs: number): number[] {
  const conversation = synthesizeConversation({
    turns: [{ turn: 1, words: WORDS }],
    playout: [{ atMs: 500, positionMs: 0, forMs: playedMs }],
    lengthMs: 3_000,
    ends: [{ turn: 1, atMs: 2_000, reason: "interrupted", heardText }],
  });
  return heardTextErrors({ steps: traceSpeaker(conversation), events: conversation.events });
}

it("is 0 when the heard text holds the words that were played", () => {
  expect(errorsFor("word word", 900)).toEqual([0]);
  expect(errorsFor("", 100)).toEqual([0]);
});
it("counts the words that the heard text has too many or too few", () => {
  expect(errorsFor("word word word", 420)).toEqual([2]);
  expect(errorsFor("", 1_400)).toEqual([-3]);
});
it("a word counts as heard when half of it was played", () => {
  expect(errorsFor("word", 600)).toEqual([-1]);
  expect(errorsFor("word", 560)).toEqual([0]);
});
it("looks at cut turns only", () => {
  const conversation = synthesizeConversation({
    turns: [{ turn: 1, words: WORDS }],
    playout: [{ atMs: 0, positionMs: 0, forMs: 1_400 }],
    lengthMs: 2_000,
    ends: [{ turn: 1, atMs: 1_500, reason: "completed", heardText: "" }],
  });
  expect(heardTextErrors({ steps: traceSpeaker(conversation), events: conversation.events })).toEqual([]);
});
it("words said once more after a break count once", () => {
  const conversation = synthesizeConversation({
    turns: [{ turn: 1, words: [...WORDS] }],
    playout: [
      { atMs: 0, positionMs: 0, forMs: 800 },
      { atMs: 1_000, positionMs: 0, forMs: 800 },
    ],
    lengthMs: 2_000,
    ends: [{ turn: 1, atMs: 1_900, reason: "interrupted", heardText: "word word" }],
  });
  expect(heardTextErrors({ steps: traceSpeaker(conversation), events: conversation.events })).toEqual([0]);
});

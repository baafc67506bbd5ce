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
it("a word that the voice times in two parts is one word", () => {
  const conversation = synthesizeConversation({
    turns: [{ turn: 1, words: WORDS }],
    playout: [{ atMs: 500, positionMs: 0, forMs: 1_400 }],
    lengthMs: 3_000,
    ends: [{ turn: 1, atMs: 2_000, reason: "interrupted", heardText: "word-word word" }],
  });
  const events = conversation.events.map((event) =>
    event.type === "agent-text-delta" ? { ...event, text: "word-word word" } : event,
  );
  expect(heardTextErrors({ steps: traceSpeaker(conversation), events })).toEqual([0]);
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

it("a place that was given up is no word's any more, and was one until then", () => {
  const conversation = synthesizeConversation({
    turns: [{ turn: 1, words: WORDS }],
    playout: [
      { atMs: 0, positionMs: 0, forMs: 500 },
      { atMs: 1_000, positionMs: 700, forMs: 700 },
    ],
    lengthMs: 2_500,
    ends: [{ turn: 1, atMs: 2_000, reason: "interrupted", heardText: "word word" }],
  });
  // Silenced in its second word, it says that word again, 0.7 to 1.1 s, where the third word would have been.
  const again = [
    { text: "word", startSample: 33_600, endSample: 52_800, textStart: 5, textEnd: 9 },
    { text: "word", startSample: 62_400, endSample: 81_600, textStart: 10, textEnd: 14 },
  ];
  const events = [...conversation.events, { type: "agent-word-timings" as const, atMs: 990, turn: 1, words: again }];
  expect(heardTextErrors({ steps: traceSpeaker(conversation), events })).toEqual([0]);
  expect(heardTextErrors({ steps: traceSpeaker(conversation), events: conversation.events })).toEqual([-1]);
});

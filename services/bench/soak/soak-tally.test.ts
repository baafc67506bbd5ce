import { describe, expect, it } from "vitest";
import type { TalkEvent } from "#contracts/events/talk-event";
import { SoakTally } from "./soak-tally";

const TEXT = "one two three";
const third = { text: "three", startSample: 200, endSample: 300, textStart: 8, textEnd: 13 };
const words = [
  { text: "one", startSample: 0, endSample: 100, textStart: 0, textEnd: 3 },
  { text: "two", startSample: 100, endSample: 200, textStart: 4, textEnd: 7 },
  third,
];
const timings = (...said: typeof words): TalkEvent => ({ atMs: 0, type: "agent-word-timings", turn: 1, words: said });
const end = (heardText: string): TalkEvent => ({
  atMs: 0,
  type: "agent-turn-end",
  turn: 1,
  heardText,
  unheardText: "",
  reason: "completed",
});
const error: TalkEvent = { atMs: 0, type: "error", code: "worker-lost", message: "" };

describe("the soak's count", () => {
  it.each<[string, TalkEvent[], object]>([
    ["nothing of a whole answer", [timings(...words), end(TEXT)], { answers: 1, wordsLost: 0, wordsDoubled: 0 }],
    [
      "a word that was left out",
      [timings(...words.slice(0, 2)), end("one two")],
      { answers: 1, wordsLost: 1, wordsDoubled: 0 },
    ],
    [
      "a word that was said twice",
      [timings(...words), timings({ ...third, startSample: 300, endSample: 400 }), end(TEXT)],
      { answers: 1, wordsLost: 0, wordsDoubled: 1 },
    ],
    ["an error that the user was told", [error, timings(...words), end(TEXT)], { errorCodes: ["worker-lost"] }],
  ])("tells of %s", (title, events, expected) => {
    const troubles: string[] = [];
    const tally = new SoakTally((words) => troubles.push(words));
    tally.asked(TEXT);
    const isEnd = events.map((event) => tally.add(event));
    expect(isEnd).toEqual(events.map((event) => event.type === "agent-turn-end"));
    tally.sessionEnded(undefined);
    expect(tally.counts).toMatchObject({ unanswered: 0, sessionsDied: 0, ...expected });
    expect(troubles).toHaveLength(title.startsWith("nothing") ? 0 : 1);
  });

  it("an answer that never came loses all its words, and so does one that a dead session cut", () => {
    const tally = new SoakTally(() => undefined);
    tally.asked(TEXT);
    tally.sessionEnded(undefined);
    tally.asked(TEXT);
    tally.add(timings(...words));
    tally.sessionEnded(new Error("gone"));
    expect(tally.counts).toMatchObject({ answers: 0, unanswered: 2, wordsLost: 6, sessionsDied: 1 });
  });
});

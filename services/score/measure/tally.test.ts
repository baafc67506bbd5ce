import { describe, expect, it } from "vitest";
import { userEvent, synthesizeConversation } from "./synthetic-conversation";
import { echoRows, heardTextRows, overlapRows, turnRows, unscoredRows } from "./panel";
import { addTallies, describeOutcome, EMPTY_TALLY, judgedEvents, tallyConversation } from "./tally";

/** A question, its answer, a cough over it that stops nothing, and an interruption that is yielded to. */
const conversation = {
  ...synthesizeConversation({
    turns: [{ turn: 1, words: [[0, 10_000]] }],
    playout: [{ atMs: 2_400, positionMs: 0, forMs: 6_000 }],
    lengthMs: 12_000,
    ends: [{ turn: 1, atMs: 8_500, reason: "interrupted", heardText: "word" }],
    user: [
      userEvent("question", 1_000, 2_000),
      userEvent("noise", 4_000, 4_200),
      userEvent("interruption", 8_000, 9_000),
      userEvent("insistence", 9_500, 10_000),
    ],
  }),
  missedSteps: 2,
};
const tally = tallyConversation(conversation);

describe("a tally", () => {
  it("judges each event once, in the order of the conversation", () => {
    expect(judgedEvents(tally).map(describeOutcome)).toEqual([
      "answered after 400 ms",
      "kept talking",
      "yielded, silent after 400 ms",
    ]);
  });
  it("adds up", () => {
    const twice = addTallies(addTallies(EMPTY_TALLY, tally), tally);
    expect(judgedEvents(twice)).toHaveLength(6);
    expect(twice).toMatchObject({ durationMs: 24_000, missedSteps: 4, self: { agentMs: 12_000 } });
  });
});

describe("the rows", () => {
  it("hold the figures, how many events are behind them, and whether the goals are reached", () => {
    expect(turnRows(tally)).toMatchObject({
      "first-audio latency at the speaker": { n: 1, p50: 400, holds: true },
      "questions without an answer": { n: 1, value: 0 },
    });
    expect(overlapRows(tally)).toMatchObject({
      "yields to interruptions": { n: 1, value: 1, holds: true },
      "interruption to silence at the speaker": { n: 1, p50: 400, goal: "p50 <= 350, p95 <= 500", holds: false },
      "keeps talking through coughs and noise": { n: 1, value: 1, holds: true },
    });
    expect(heardTextRows(tally)).toMatchObject({
      "heard text of a cut turn wrong by one word at most": { n: 1, value: 1 },
    });
    expect(echoRows(tally)).toMatchObject({ "self-interruptions on loudspeakers": { value: 0, holds: true } });
    expect(unscoredRows(tally)).toMatchObject({ "scripted events that did not take place": { value: 2 } });
  });
  it("are left out where nothing happened", () => {
    expect({ ...turnRows(EMPTY_TALLY), ...overlapRows(EMPTY_TALLY), ...heardTextRows(EMPTY_TALLY) }).toEqual({});
    expect({ ...echoRows(EMPTY_TALLY), ...unscoredRows(EMPTY_TALLY) }).toEqual({});
  });
});

import { expect, test } from "vitest";
import type { TalkEvent } from "#contracts/events/talk-event";
import { userEvent } from "#score/measure/synthetic-conversation";
import { EMPTY_TALLY, type Tally } from "#score/measure/tally";
import { compareClocks } from "./clock-differences";

function tally({ latencyMs, silentMs }: { latencyMs: number; silentMs: number | undefined }): Tally {
  return {
    ...EMPTY_TALLY,
    questions: [{ event: userEvent("question", 0, 500), outcome: { type: "answered", turn: 1, latencyMs } }],
    interruptions: [
      {
        event: userEvent("interruption", 2_000, 2_500),
        outcome:
          silentMs === undefined
            ? { type: "talked-on", duckMs: undefined }
            : { type: "yielded", silentMs, duckMs: undefined },
      },
    ],
  };
}

const cut = (heardText: string): TalkEvent[] => [
  { atMs: 1_900, type: "agent-turn-end", turn: 1, heardText: "Before.", unheardText: "", reason: "interrupted" },
  { atMs: 2_400, type: "agent-turn-end", turn: 2, heardText, unheardText: "", reason: "interrupted" },
];

test("the same script is compared event by event, real less virtual", () => {
  const real = { tally: tally({ latencyMs: 480, silentMs: 360 }), events: cut("One two three") };
  const virtual = { tally: tally({ latencyMs: 450, silentMs: 350 }), events: cut("One two") };
  expect(compareClocks(real, virtual)).toEqual({
    isSameOutcome: [true, true],
    firstAudioMs: [30],
    silenceMs: [10],
    heardWords: [1],
    notAlike: [],
  });
});

test("what went another way, or did not take place, is not alike and has no difference", () => {
  const real = { tally: tally({ latencyMs: 480, silentMs: undefined }), events: [] };
  const virtual = { tally: tally({ latencyMs: 450, silentMs: 350 }), events: cut("One two") };
  expect(compareClocks(real, virtual)).toMatchObject({
    isSameOutcome: [true, false],
    silenceMs: [],
    heardWords: [],
    notAlike: ["interruption, : TALKED ON | interruption, : yielded, silent after 350 ms"],
  });
  expect(compareClocks(real, { tally: EMPTY_TALLY, events: [] }).isSameOutcome).toEqual([false, false]);
});

test("what took place on one clock alone does not shift what comes after it", () => {
  const real = { tally: tally({ latencyMs: 480, silentMs: 360 }), events: [] };
  const askedAgain = { event: userEvent("question", 900, 1_200), outcome: { type: "unanswered" } as const };
  const virtualTally = tally({ latencyMs: 450, silentMs: 350 });
  const virtual = { tally: { ...virtualTally, questions: [...virtualTally.questions, askedAgain] }, events: [] };
  expect(compareClocks(real, virtual).isSameOutcome).toEqual([true, false, true]);
  expect(compareClocks(virtual, real).isSameOutcome).toEqual([true, false, true]);
});

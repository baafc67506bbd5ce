import { describe, expect, it } from "vitest";
import type { TalkEvent } from "#contracts/events/talk-event";
import { countByIds } from "./failover-answer";

const TEXT = "one two three";
const base = { atMs: 0 };
const turn = 1;

/** Words of TEXT by their place, 100 samples each, from this sample on. */
function timings(fromSample: number, ...places: readonly number[]): TalkEvent {
  const words = TEXT.split(" ");
  const starts = [0, 4, 8];
  return {
    ...base,
    type: "agent-word-timings",
    turn,
    words: places.map((place, index) => ({
      text: words[place] ?? "",
      startSample: fromSample + index * 100,
      endSample: fromSample + (index + 1) * 100,
      textStart: starts[place] ?? 0,
      textEnd: (starts[place] ?? 0) + (words[place]?.length ?? 0),
    })),
  };
}
const flush = (fromSample: number): TalkEvent => ({ ...base, type: "flush", fromSample });
const end: TalkEvent = {
  ...base,
  type: "agent-turn-end",
  turn,
  heardText: TEXT,
  unheardText: "",
  reason: "completed",
};

describe("countByIds", () => {
  it.each<[string, TalkEvent[], { lost: number; doubled: number }]>([
    ["all words once", [timings(0, 0, 1, 2), end], { lost: 0, doubled: 0 }],
    [
      "cut between words and said on",
      [timings(0, 0, 1, 2), flush(100), timings(100, 1, 2), end],
      { lost: 0, doubled: 0 },
    ],
    [
      "said on later and in parts",
      [timings(0, 0, 1, 2), flush(100), timings(400, 1), timings(500, 2), end],
      { lost: 0, doubled: 0 },
    ],
    [
      "cut inside a word, which is said again",
      [timings(0, 0, 1, 2), flush(150), timings(150, 1, 2), end],
      { lost: 0, doubled: 0 },
    ],
    [
      "a word heard whole is said again",
      [timings(0, 0, 1, 2), flush(200), timings(200, 1, 2), end],
      { lost: 0, doubled: 1 },
    ],
    ["said again without a cut", [timings(0, 0, 1), timings(200, 1, 2), end], { lost: 0, doubled: 1 }],
    [
      "said on where the sound ended, with nothing to throw away",
      [timings(0, 0, 1, 2), timings(130, 1), timings(360, 2), end],
      { lost: 0, doubled: 0 },
    ],
    ["a word left out", [timings(0, 0), timings(100, 2), end], { lost: 2, doubled: 0 }],
  ])("%s", (_title, events, expected) => {
    expect(countByIds(events, TEXT)).toEqual(expected);
  });
});

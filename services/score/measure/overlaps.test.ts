import { describe, expect, it } from "vitest";
import { judgeInterruption, judgeSelectivity } from "./overlaps";
import { traceSpeaker, type PlayedConversation } from "./speaker-trace";
import { synthesizeConversation, userEvent, type SyntheticPlayout } from "./synthetic-conversation";

/** Words of 400 ms with pauses of 100 ms between, from 0 to 4.9 s. */
const WORDS = Array.from({ length: 10 }, (_, index) => [index * 500, index * 500 + 400] as const);
const DUCK = 10 ** (-12 / 20);

function play(
  playout: readonly SyntheticPlayout[],
  end: { atMs: number; reason: "completed" | "interrupted" } = { atMs: 9_000, reason: "interrupted" },
): PlayedConversation {
  return synthesizeConversation({
    turns: [
      { turn: 1, words: WORDS },
      { turn: 2, words: [[20_000, 21_000]] },
    ],
    playout,
    lengthMs: 10_000,
    ends: [{ turn: 1, heardText: "", ...end }],
  });
}
const traceOf = (conversation: PlayedConversation) => ({
  steps: traceSpeaker(conversation),
  events: conversation.events,
});

describe("an interruption", () => {
  const interruption = userEvent("interruption", 2_000, 2_600);
  it("[SC10] is yielded to when nothing more of the turn is heard; the silence counts from the onset of the user's speech", () => {
    // Starts at 1000: at 2000 the agent is at 1000 of its own clock; cut at 1300, in the middle of a word.
    const trace = traceOf(play([{ atMs: 1_000, positionMs: 0, forMs: 1_300 }]));
    expect(judgeInterruption(trace, interruption)).toMatchObject({ type: "yielded", silentMs: 300 });
  });
  it("[SC10] a pause of the voice before the stop is silence already", () => {
    const trace = traceOf(play([{ atMs: 1_000, positionMs: 0, forMs: 1_480 }]));
    expect(judgeInterruption(trace, interruption)).toMatchObject({ type: "yielded", silentMs: 400 });
  });
  it("[SC10] the answer to it is no talking on", () => {
    const trace = traceOf(
      play([
        { atMs: 1_000, positionMs: 0, forMs: 1_300 },
        { atMs: 3_000, positionMs: 20_000, forMs: 1_000 },
      ]),
    );
    expect(judgeInterruption(trace, interruption)).toMatchObject({ type: "yielded", silentMs: 300 });
  });
  it("[SC10] a turn that comes back or goes on after 2 s was not yielded", () => {
    const back = traceOf(
      play([
        { atMs: 1_000, positionMs: 0, forMs: 1_300 },
        { atMs: 4_000, positionMs: 1_300, forMs: 2_000 },
      ]),
    );
    expect(judgeInterruption(back, interruption).type).toBe("talked-on");
    const on = traceOf(play([{ atMs: 1_000, positionMs: 0, forMs: 4_900 }]));
    expect(judgeInterruption(on, interruption).type).toBe("talked-on");
  });
  it("[SC11] counts for nothing when the agent has said all, or does not speak", () => {
    const said = traceOf(
      play([{ atMs: 1_000, positionMs: 3_600, forMs: 1_300 }], { atMs: 2_500, reason: "completed" }),
    );
    expect(judgeInterruption(said, interruption).type).toBe("unscored");
    const over = traceOf(play([{ atMs: 0, positionMs: 0, forMs: 500 }], { atMs: 600, reason: "interrupted" }));
    expect(judgeInterruption(over, interruption).type).toBe("unscored");
  });
  it("[SC12] is ducked when the voice is 10 dB lower than it came; what counts is the last sound at full level", () => {
    const trace = traceOf(
      play([
        { atMs: 1_000, positionMs: 0, forMs: 1_120 },
        { atMs: 2_120, positionMs: 1_120, forMs: 180, gain: DUCK },
      ]),
    );
    expect(judgeInterruption(trace, interruption)).toEqual({ type: "yielded", silentMs: 300, duckMs: 120 });
  });
  it("[SC12] is not ducked when it talks on at full level", () => {
    const trace = traceOf(play([{ atMs: 1_000, positionMs: 0, forMs: 4_900 }]));
    expect(judgeInterruption(trace, interruption)).toEqual({ type: "talked-on", duckMs: undefined });
  });
});

describe("a sound that is no interruption", () => {
  const backchannel = userEvent("backchannel", 2_000, 2_400);
  it("[SC13] is talked through when the voice goes on, ducked or not", () => {
    const trace = traceOf(
      play([
        { atMs: 1_000, positionMs: 0, forMs: 1_100 },
        { atMs: 2_100, positionMs: 1_100, forMs: 400, gain: DUCK },
        { atMs: 2_500, positionMs: 1_500, forMs: 3_400 },
      ]),
    );
    expect(judgeSelectivity(trace, backchannel)).toEqual({ type: "kept-talking", addedSilenceMs: 0 });
  });
  it.each([
    [200, "kept-talking"],
    [400, "stopped"],
  ] as const)("[SC13] held up for %i ms: %s", (heldMs, type) => {
    const trace = traceOf(
      play([
        { atMs: 1_000, positionMs: 0, forMs: 1_200 },
        { atMs: 2_200 + heldMs, positionMs: 1_200, forMs: 3_000 },
      ]),
    );
    expect(judgeSelectivity(trace, backchannel).type).toBe(type);
  });
  it("[SC13] words said once more: the silence at their head is added, too", () => {
    const conversation = synthesizeConversation({
      turns: [
        {
          turn: 1,
          words: [
            [0, 1_200],
            [20_100, 24_000],
          ],
        },
      ],
      // Cut at 1100 of its own clock; goes on 200 ms later at a new place, where 100 ms are silent.
      playout: [
        { atMs: 1_000, positionMs: 0, forMs: 1_100 },
        { atMs: 2_300, positionMs: 20_000, forMs: 4_000 },
      ],
      lengthMs: 8_000,
    });
    expect(judgeSelectivity(traceOf(conversation), backchannel)).toEqual({ type: "kept-talking", addedSilenceMs: 300 });
  });
  it("[SC13] cut: stopped", () => {
    const trace = traceOf(play([{ atMs: 1_000, positionMs: 0, forMs: 1_400 }], { atMs: 2_500, reason: "interrupted" }));
    expect(judgeSelectivity(trace, backchannel).type).toBe("stopped");
  });
  it("[SC11] counts for nothing when the turn ends by itself meanwhile", () => {
    const trace = traceOf(
      play([{ atMs: 1_000, positionMs: 3_600, forMs: 1_300 }], { atMs: 2_500, reason: "completed" }),
    );
    expect(judgeSelectivity(trace, backchannel).type).toBe("unscored");
  });
  it("[SC13] pauses of the voice itself are not its doing", () => {
    const conversation = synthesizeConversation({
      turns: [
        {
          turn: 1,
          words: [
            [0, 1_200],
            [2_000, 4_000],
          ],
        },
      ],
      playout: [{ atMs: 1_000, positionMs: 0, forMs: 4_000 }],
      lengthMs: 6_000,
    });
    expect(judgeSelectivity(traceOf(conversation), backchannel)).toEqual({ type: "kept-talking", addedSilenceMs: 0 });
  });
});

import { describe, expect, it } from "vitest";
import type { TalkEvent } from "#contracts/events/talk-event";
import { judgeReply, lastMeasuredTurn } from "./first-audio";

const ms = (durationMs: number): number => durationMs * 48;

/** Speech from 500 ms to 1000 ms. */
const user = new Float32Array(ms(1_200)).fill(0.3, ms(500), ms(1_000));

function agentAudible(...spans: [fromMs: number, toMs: number][]): Int16Array {
  const pcm = new Int16Array(ms(4_000));
  for (const [fromMs, toMs] of spans) pcm.fill(5_000, ms(fromMs), ms(toMs));
  return pcm;
}

describe("a reply", () => {
  it("counts from the end of the user's speech, not of the file, to the first audible sample", () => {
    const reply = judgeReply({ user, agentPcm: agentAudible([1_700, 3_000]) });
    expect(reply).toEqual({ type: "answered", userEndMs: 1_000, audibleMs: 1_700 });
  });
  it("is not what was stopped well before the end", () => {
    const agentPcm = agentAudible([100, 400], [1_800, 3_000]);
    expect(judgeReply({ user, agentPcm })).toMatchObject({ type: "answered", audibleMs: 1_800 });
  });
  it.each([
    ["goes on over the end", [900, 3_000]],
    ["paused over the end", [700, 800]],
  ] as const)("that %s is not measured", (_what, span) => {
    expect(judgeReply({ user, agentPcm: agentAudible([...span], [1_800, 3_000]) })).toEqual({ type: "overlapped" });
  });
  it("is not silence", () => {
    expect(judgeReply({ user, agentPcm: agentAudible() })).toEqual({ type: "unanswered" });
  });
});

it("the last turn with metrics is the one that is measured", () => {
  const events: TalkEvent[] = [1, 2].map((turn) => ({ type: "turn-metrics", atMs: turn, metrics: { turn } }));
  expect(lastMeasuredTurn(events)).toBe(2);
  expect(lastMeasuredTurn([])).toBeUndefined();
});

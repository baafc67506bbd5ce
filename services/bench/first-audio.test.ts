import { expect, it } from "vitest";
import { judgeReply } from "./first-audio";

const ms = (durationMs: number): number => durationMs * 48;

/** Speech from 500 ms to 1000 ms. */
const user = new Float32Array(ms(1_200)).fill(0.3, ms(500), ms(1_000));

function agentAudible(...spans: [fromMs: number, toMs: number][]): Int16Array {
  const pcm = new Int16Array(ms(4_000));
  for (const [fromMs, toMs] of spans) pcm.fill(5_000, ms(fromMs), ms(toMs));
  return pcm;
}

it("the latency is from the end of the user's speech, not of the file, to the first audible sample", () => {
  expect(judgeReply({ user, agentPcm: agentAudible([1_700, 3_000]) })).toEqual({ type: "answered", latencyMs: 700 });
});
it("an answer that was stopped well before the end is not the reply", () => {
  const agentPcm = agentAudible([100, 400], [1_800, 3_000]);
  expect(judgeReply({ user, agentPcm })).toEqual({ type: "answered", latencyMs: 800 });
});
it.each([
  ["goes on over the end", [900, 3_000]],
  ["paused over the end", [700, 800]],
] as const)("an answer that %s is not measured", (_what, span) => {
  expect(judgeReply({ user, agentPcm: agentAudible([...span], [1_800, 3_000]) })).toEqual({ type: "overlapped" });
});
it("silence is no answer", () => {
  expect(judgeReply({ user, agentPcm: agentAudible() })).toEqual({ type: "unanswered" });
});

import { describe, expect, it } from "vitest";
import type { TalkEvent } from "#contracts/events/talk-event";
import { judgeReply, readWaterfall } from "./first-audio";

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

describe("the waterfall", () => {
  const reply = { type: "answered", userEndMs: 1_000, audibleMs: 1_700 } as const;
  const events: TalkEvent[] = [
    { type: "agent-turn-start", turn: 1, atMs: 300 },
    { type: "turn-metrics", atMs: 400, metrics: { turn: 1, endpointMs: 450, firstFrameSentMs: 9 } },
    { type: "agent-turn-start", turn: 2, atMs: 1_510 },
    { type: "turn-metrics", atMs: 3_000, metrics: { turn: 2, endpointMs: 450, firstFrameSentMs: 520 } },
  ];
  it("joins the orchestrator's figures of the last turn to the audio at both ends", () => {
    expect(readWaterfall(events, reply)).toEqual({
      "VAD's end of speech, from the end in the user's audio": 60,
      "endpoint decision, from the VAD's end of speech": 450,
      "first frame sent to the client, from the VAD's end of speech": 520,
      "first audible sample, from the first frame sent": 120,
    });
  });
  it("adds up to the latency", () => {
    const waterfall = readWaterfall(events, reply);
    const chain = [
      "VAD's end of speech, from the end in the user's audio",
      "first frame sent to the client, from the VAD's end of speech",
      "first audible sample, from the first frame sent",
    ].map((name) => waterfall[name] ?? Number.NaN);
    expect(chain.reduce((total, part) => total + part, 0)).toBe(reply.audibleMs - reply.userEndMs);
  });
  it("is empty for a conversation without a turn", () => {
    expect(readWaterfall([], reply)).toEqual({});
  });
});

import { describe, expect, it } from "vitest";
import type { TalkEvent } from "#contracts/events/talk-event";
import { readWaterfall, summariseWaterfalls } from "./waterfall";

describe("the waterfall", () => {
  const answer = { turn: 2, userEndMs: 1_000, audibleMs: 1_700 };
  const events: TalkEvent[] = [
    { type: "agent-turn-start", turn: 1, atMs: 300 },
    { type: "turn-metrics", atMs: 400, metrics: { turn: 1, endpointMs: 450, firstFrameSentMs: 9 } },
    { type: "agent-turn-start", turn: 2, atMs: 1_510 },
    { type: "turn-metrics", atMs: 3_000, metrics: { turn: 2, endpointMs: 450, firstFrameSentMs: 520 } },
  ];
  it("joins the orchestrator's figures of the turn to the audio at both ends", () => {
    expect(readWaterfall(events, answer)).toEqual({
      "VAD's end of speech, from the end in the user's audio": 60,
      "endpoint decision, from the VAD's end of speech": 450,
      "first frame sent to the client, from the VAD's end of speech": 520,
      "first audible sample, from the first frame sent": 120,
    });
  });
  it("adds up to the latency", () => {
    const waterfall = readWaterfall(events, answer);
    const chain = [
      "VAD's end of speech, from the end in the user's audio",
      "first frame sent to the client, from the VAD's end of speech",
      "first audible sample, from the first frame sent",
    ].map((name) => waterfall[name] ?? Number.NaN);
    expect(chain.reduce((total, part) => total + part, 0)).toBe(answer.audibleMs - answer.userEndMs);
  });
  it("is empty for a turn that is not there", () => {
    expect(readWaterfall([], answer)).toEqual({});
  });
  it("of several turns each stage is summarised where it happened", () => {
    expect(summariseWaterfalls([{ one: 10 }, { one: 30, two: 5 }])).toMatchObject({
      "stage: one": { unit: "ms", p50: 10, p95: 30 },
      "stage: two": { unit: "ms", p50: 5, p95: 5 },
    });
  });
});

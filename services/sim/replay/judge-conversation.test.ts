import { describe, expect, it } from "vitest";
import type { TalkEvent } from "#contracts/events/talk-event";
import { figuresOf } from "./conversation-figures";
import { judgeConversation } from "./judge-conversation";

const asks = (atMs: number, text: string): TalkEvent[] => [
  { atMs: atMs - 900, type: "user-speech-start" },
  { atMs: atMs - 300, type: "user-speech-end" },
  { atMs, type: "user-transcript-end", text },
];
const begins = (atMs: number, turn: number): TalkEvent[] => [
  { atMs, type: "agent-turn-start", turn },
  { atMs: atMs + 20, type: "agent-playout-start", positionSamples: 0 },
];
const ends = (
  atMs: number,
  turn: number,
  end: { reason: "completed" | "interrupted" | "superseded"; unheardText?: string; latencyMs?: number },
): TalkEvent[] => [
  { atMs, type: "agent-turn-end", turn, heardText: "It is", unheardText: end.unheardText ?? "", reason: end.reason },
  { atMs, type: "turn-metrics", metrics: { turn, playoutStartMs: end.latencyMs ?? 400 } },
];

describe("a recorded conversation", () => {
  it("an answer that was heard to its end is neither cut nor stopped", () => {
    const events = [
      ...asks(1_000, "What time is it?"),
      ...begins(1_010, 1),
      ...ends(3_000, 1, { reason: "completed" }),
    ];
    expect(judgeConversation(events)).toEqual([
      {
        atMs: 1_010,
        userText: "What time is it?",
        agentText: "It is",
        heardText: "It is",
        reason: "completed",
        firstAudioLatencyMs: 400,
        isFalseStop: false,
        isCutOff: false,
      },
    ]);
  });

  it("[SM7] a user who goes on within a second of the answer, and stops it, was cut off", () => {
    const spokenAgain = (atMs: number): TalkEvent[] => [
      ...asks(1_000, "I would like"),
      ...begins(1_010, 1),
      { atMs, type: "user-speech-start" },
      ...ends(atMs + 300, 1, { reason: "interrupted", unheardText: " late." }),
      { atMs: atMs + 900, type: "user-transcript-end", text: "a cup of tea." },
    ];
    expect(judgeConversation(spokenAgain(2_000))[0]).toMatchObject({ isCutOff: true, isFalseStop: false });
    expect(judgeConversation(spokenAgain(2_100))[0]).toMatchObject({ isCutOff: false, isFalseStop: false });
  });

  it.each([
    ["an empty transcript", [{ atMs: 4_000, type: "user-transcript-end", text: "" }]],
    ["nothing at all", []],
    ["another turn of the agent", [...begins(4_000, 2), ...ends(5_000, 2, { reason: "completed" })]],
  ] satisfies [string, TalkEvent[]][])("[SM8] an interruption followed by %s was a false stop", (_, after) => {
    const events = [...asks(1_000, "Hello."), ...begins(1_010, 1), ...ends(3_000, 1, { reason: "interrupted" })];
    expect(figuresOf([...events, ...after]).falseStopCount).toBe(1);
  });

  it("is counted", () => {
    const events: TalkEvent[] = [
      ...asks(1_000, "One."),
      ...begins(1_010, 1),
      { atMs: 1_500, type: "overlap", turn: 1, verdict: "backchannel", text: "mm", reactionMs: 200 },
      ...ends(3_000, 1, { reason: "completed", latencyMs: 300 }),
      ...asks(5_000, "Two."),
      { atMs: 5_010, type: "agent-turn-start", turn: 2 },
      { atMs: 5_100, type: "agent-turn-end", turn: 2, heardText: "", unheardText: "", reason: "superseded" },
      ...asks(6_000, "Two and three."),
      ...begins(6_010, 3),
      ...ends(8_000, 3, { reason: "completed", latencyMs: 500 }),
      { atMs: 9_000, type: "error", code: "internal", message: "x" },
    ];
    expect(figuresOf(events)).toEqual({
      userTurnCount: 3,
      agentTurnCount: 3,
      interruptionCount: 0,
      falseStopCount: 0,
      cutOffCount: 0,
      withdrawnAnswerCount: 1,
      talkedThroughCount: 1,
      errorCount: 1,
      firstAudioLatencyP50Ms: 300,
      firstAudioLatencyP95Ms: 500,
    });
    expect(figuresOf([]).firstAudioLatencyP50Ms).toBeUndefined();
  });
});

import { describe, expect, test } from "vitest";
import { answerTimesMs, percentile, stagesOf, tookMs } from "./waterfall";

const SPOKEN = {
  turn: 1,
  endpointMs: 320,
  finalTranscriptMs: 250,
  brainFirstTokenMs: 400,
  firstClauseMs: 430,
  leaseMs: 325,
  workerFirstFrameMs: 520,
  firstFrameSentMs: 521,
  playoutStartMs: 600,
};

describe("stages", () => {
  test("each stage begins where what it waits for has ended", () => {
    expect(stagesOf(SPOKEN).map(({ name, startMs, endMs }) => [name, startMs, endMs])).toEqual([
      ["decision", 0, 320],
      ["final-transcript", 0, 250],
      ["first-token", 320, 400],
      ["first-clause", 400, 430],
      ["lease", 320, 325],
      ["worker-audio", 430, 520],
      ["speaker", 520, 600],
    ]);
  });

  test("the worker's audio waits for a lease that comes after the text", () => {
    const stages = stagesOf({ ...SPOKEN, leaseMs: 480 });
    expect(stages.find(({ name }) => name === "worker-audio")).toMatchObject({ startMs: 480, endMs: 520 });
  });

  test("typed text has no end of speech to decide on", () => {
    const { finalTranscriptMs: _, ...typed } = { ...SPOKEN, endpointMs: 0 };
    expect(stagesOf(typed).map(({ name }) => name)).toEqual([
      "first-token",
      "first-clause",
      "lease",
      "worker-audio",
      "speaker",
    ]);
  });

  test("what did not happen is not shown, and nothing takes less than no time", () => {
    expect(stagesOf({ turn: 1, endpointMs: 0 })).toEqual([]);
    const odd = stagesOf({ turn: 1, endpointMs: 300, finalTranscriptMs: 200, brainFirstTokenMs: 100 });
    expect(odd.map(tookMs).every((ms) => ms >= 0)).toBe(true);
  });
});

describe("percentiles", () => {
  test("are values that were measured, by nearest rank", () => {
    expect(percentile([400, 100, 300, 200], 50)).toBe(200);
    expect(percentile([400, 100, 300, 200], 95)).toBe(400);
    expect(percentile([7], 50)).toBe(7);
    expect(percentile([], 50)).toBeUndefined();
  });

  test("count only answers that reached the speaker", () => {
    expect(answerTimesMs([SPOKEN, { turn: 2, endpointMs: 300 }])).toEqual([600]);
  });
});

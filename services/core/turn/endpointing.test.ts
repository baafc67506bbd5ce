import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ProsodyCues } from "../speech/prosody-tracker";
import { createEndpointScorer, endpointDelaysAround } from "./endpointing";

const delays = { minMs: 338, typicalMs: 450, patientMs: 630, maxMs: 1_305 };
const scorer = createEndpointScorer(delays);
const FALLEN: ProsodyCues = { finalPitchRatio: -1.5, finalLevelDb: -10, quietTailMs: 0 };
const LEVEL: ProsodyCues = { finalPitchRatio: 0, finalLevelDb: 2, quietTailMs: 0 };
const RISEN: ProsodyCues = { finalPitchRatio: 1, finalLevelDb: 2, quietTailMs: 0 };

function delayMs(text: string, prosody: ProsodyCues | undefined, resumedPausesMs: readonly number[] = []): number {
  return scorer.endpointDelayMs({ text, prosody, resumedPausesMs });
}

describe("[TT30] [TT36] the endpoint delay by words and voice", () => {
  it("a question waits the least when pitch and level have fallen, long when they have risen", () => {
    expect(delayMs("What time is it?", FALLEN)).toBe(338);
    expect(delayMs("What time is it?", RISEN)).toBe(630);
  });

  it("a statement waits long however the voice fell: people pause after whole sentences", () => {
    for (const voice of [FALLEN, LEVEL, RISEN]) expect(delayMs("I like this song.", voice)).toBe(630);
  });

  it("an open thought waits the longest, however the voice fell", () => {
    expect(delayMs("I went to the", FALLEN)).toBe(1_305);
    expect(delayMs("I want to", FALLEN)).toBe(878);
  });

  it("grows steadily between the two, as the evidence for an end weakens", () => {
    const pitches = [-1, -0.3, 0, 0.1, 0.2, 0.3, 1];
    const waits = pitches.map((finalPitchRatio) => delayMs("What time is it?", { ...LEVEL, finalPitchRatio }));
    expect(new Set(waits).size).toBeGreaterThan(3);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
  });

  it("counts from the last sound: the quiet tail of the speech shortens the delay, by 120 ms at most", () => {
    expect(delayMs("What time is it?", { ...FALLEN, quietTailMs: 64 })).toBe(274);
    expect(delayMs("What time is it?", { ...FALLEN, quietTailMs: 400 })).toBe(218);
  });

  it("a voice that says nothing leaves the words alone to decide", () => {
    expect(delayMs("What time is it?", undefined)).toBe(338);
    expect(delayMs("London", undefined)).toBe(630);
  });
});

describe("[TT31] the endpoint delay", () => {
  it("waits out the pauses of a user who pauses often, after three of them", () => {
    expect(delayMs("What time is it?", undefined, [400, 400])).toBe(338);
    expect(delayMs("What time is it?", undefined, [400, 380, 420])).toBe(520);
  });

  it("never leaves its bounds, whatever was said and however", () => {
    const anyNumber = fc.double({ noNaN: true });
    const cues = fc.record({ finalPitchRatio: anyNumber, finalLevelDb: anyNumber, quietTailMs: fc.nat(2_000) });
    fc.assert(
      fc.property(fc.string(), fc.option(cues, { nil: undefined }), fc.array(fc.nat(10_000)), (text, voice, pauses) => {
        const waitMs = delayMs(text, voice, pauses);
        expect(waitMs).toBeGreaterThanOrEqual(delays.minMs - 120);
        expect(waitMs).toBeLessThanOrEqual(delays.maxMs);
      }),
    );
  });
});

it("[TT30] the delays around a typical one stay in order and bounds", () => {
  expect(endpointDelaysAround(450)).toEqual(delays);
  for (const typicalMs of [100, 200, 900, 3_000]) {
    const { minMs, patientMs, maxMs } = endpointDelaysAround(typicalMs);
    expect([minMs, typicalMs, patientMs, maxMs]).toEqual([minMs, typicalMs, patientMs, maxMs].sort((a, b) => a - b));
  }
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ProsodyCues } from "../speech/prosody-tracker";
import { createEndpointScorer, endpointDelaysAround } from "./endpointing";

const delays = { minMs: 338, typicalMs: 450, patientMs: 675, maxMs: 1_305 };
const scorer = createEndpointScorer(delays);
const FALLEN: ProsodyCues = { finalPitchRatio: -1.5, finalLevelDb: -10, quietTailMs: 0 };
const LEVEL: ProsodyCues = { finalPitchRatio: 0, finalLevelDb: 2, quietTailMs: 0 };
const RISEN: ProsodyCues = { finalPitchRatio: 1, finalLevelDb: 8, quietTailMs: 0 };

function delayMs(text: string, prosody: ProsodyCues | undefined, cutOffCount = 0): number {
  return scorer.judge({ text, prosody, cutOffCount }).endpointDelayMs;
}

describe("[TT36] the endpoint delay after words that may be all", () => {
  it("a whole question waits the least with a voice that fell, longer with one that rose", () => {
    expect(delayMs("What time is it?", FALLEN)).toBe(338);
    expect(delayMs("What time is it?", RISEN)).toBeGreaterThan(450);
  });

  it("a short statement waits long, a long one little: people pause after the first clause", () => {
    expect(delayMs("We played cards.", LEVEL)).toBe(675);
    expect(delayMs("I have been living here since the end of the war.", FALLEN)).toBe(338);
  });

  it("a long statement waits long when the voice was held up", () => {
    const text = "I have been living here since the end of the war.";
    expect(delayMs(text, { ...LEVEL, finalPitchRatio: -0.9 })).toBe(338);
    expect(delayMs(text, { ...LEVEL, finalPitchRatio: -0.3 })).toBeGreaterThan(600);
  });

  it("a request that has all it can want waits as little as a question, one that may want more waits longer", () => {
    expect(delayMs("Can you hear me?", undefined)).toBe(338);
    expect(delayMs("Tell me another story, please.", undefined)).toBe(338);
    expect(delayMs("Tell me another story.", undefined)).toBe(675);
  });

  it("a short answer waits little with a voice that fell, long with one that rose", () => {
    expect(delayMs("Yes.", FALLEN)).toBe(338);
    expect(delayMs("Yes.", RISEN)).toBe(675);
  });

  it("a short answer waits less than a short statement", () => {
    expect(delayMs("Yes.", undefined)).toBeLessThan(delayMs("We won.", undefined));
  });

  it("grows steadily, as the evidence for an end weakens", () => {
    const pitches = [-2, -1.5, -1, -0.5, 0, 0.5, 1];
    const waits = pitches.map((finalPitchRatio) =>
      delayMs("I like this song by the old band.", { ...LEVEL, finalPitchRatio }),
    );
    expect(new Set(waits).size).toBeGreaterThan(3);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
  });

  it("counts from the last sound: the quiet tail of the speech shortens the delay, by 120 ms at most", () => {
    expect(delayMs("What time is it?", { ...FALLEN, quietTailMs: 64 })).toBe(274);
    expect(delayMs("What time is it?", { ...FALLEN, quietTailMs: 400 })).toBe(218);
  });

  it("a voice without pitch counts as an average one", () => {
    expect(delayMs("What time is it?", undefined)).toBe(338);
    expect(delayMs("London", undefined)).toBe(675);
  });
});

describe("[TT30] the endpoint delay after words that are open", () => {
  it("is the longest while the voice is held up", () => {
    expect(delayMs("I went to the", LEVEL)).toBe(1_305);
    expect(delayMs("I want to", LEVEL)).toBe(878);
    expect(delayMs("I went to the", undefined)).toBe(1_305);
  });

  it("is the patient one when the voice fell: the last word may be misheard", () => {
    expect(delayMs("I went to the", FALLEN)).toBe(675);
    expect(delayMs("I want to", FALLEN)).toBe(675);
  });

  it("an answer to open words is not prepared, whatever the voice did", () => {
    const isWorthPreparing = (text: string): boolean =>
      scorer.judge({ text, prosody: FALLEN, cutOffCount: 0 }).isWorthPreparing;
    expect(isWorthPreparing("I went to the")).toBe(false);
    expect(isWorthPreparing("I went to the market.")).toBe(true);
  });
});

describe("[TT31] the endpoint delay", () => {
  it("is the patient one for a user who was cut off twice, whatever may be all", () => {
    expect(delayMs("What time is it?", FALLEN, 1)).toBe(338);
    expect(delayMs("What time is it?", FALLEN, 2)).toBe(675);
  });

  it("never leaves its bounds, whatever was said and however", () => {
    const anyNumber = fc.double({ noNaN: true });
    const cues = fc.record({ finalPitchRatio: anyNumber, finalLevelDb: anyNumber, quietTailMs: fc.nat(2_000) });
    fc.assert(
      fc.property(fc.string(), fc.option(cues, { nil: undefined }), fc.nat(3), (text, voice, cutOffs) => {
        const waitMs = delayMs(text, voice, cutOffs);
        expect(waitMs).toBeGreaterThanOrEqual(delays.minMs - 120);
        expect(waitMs).toBeLessThanOrEqual(delays.maxMs);
      }),
    );
  });

  it("is at most 700 ms after words that may be all, whatever happened before", () => {
    expect(delayMs("I like this song.", RISEN, 3)).toBeLessThanOrEqual(700);
  });
});

it("[TT30] the delays around a typical one stay in order and bounds", () => {
  expect(endpointDelaysAround(450)).toEqual(delays);
  for (const typicalMs of [100, 200, 900, 3_000]) {
    const { minMs, patientMs, maxMs } = endpointDelaysAround(typicalMs);
    expect([minMs, typicalMs, patientMs, maxMs]).toEqual([minMs, typicalMs, patientMs, maxMs].sort((a, b) => a - b));
  }
});

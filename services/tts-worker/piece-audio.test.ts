import { expect, it } from "vitest";
import { preparePiece } from "./piece-audio";

const RATE_HZ = 16_000;
const msOf = (samples: number): number => (samples * 1000) / RATE_HZ;

/** One word of a steady tone between silences, with clicks of one sample. */
function clause(word: { fromMs: number; toMs: number; clicksMs?: readonly number[] }) {
  const samples = new Float32Array(RATE_HZ);
  const at = (ms: number): number => Math.round((ms * RATE_HZ) / 1000);
  for (let i = at(word.fromMs); i < at(word.toMs); i++) samples[i] = 0.3 * Math.sin(i / 3);
  for (const clickMs of word.clicksMs ?? []) samples[at(clickMs)] = 0.3;
  return {
    samples,
    sampleRateHz: RATE_HZ,
    timings: [{ tokenIndex: 0, startSamples: at(word.fromMs), endSamples: at(word.toMs) }],
  };
}

it("begins 10 ms before the first sound and ends 40 ms after the last word", () => {
  const piece = preparePiece(clause({ fromMs: 200, toMs: 600 }), { gainDb: 0 });
  expect(msOf(piece.samples.length)).toBeCloseTo(450, -1);
  expect(piece.timings[0]?.startSamples).toBeCloseTo(480, -2);
});

it("a click in the engine's silence is no sound", () => {
  const quiet = preparePiece(clause({ fromMs: 200, toMs: 600 }), { gainDb: 0 });
  const clicking = preparePiece(clause({ fromMs: 200, toMs: 600, clicksMs: [30, 110, 800, 950] }), { gainDb: 0 });
  expect(clicking.samples.length).toBe(quiet.samples.length);
  expect(clicking.timings).toEqual(quiet.timings);
});

it("sound that comes before or after its timing is kept", () => {
  const said = clause({ fromMs: 200, toMs: 600 });
  const timings = [{ tokenIndex: 0, startSamples: 0.3 * RATE_HZ, endSamples: 0.5 * RATE_HZ }];
  const piece = preparePiece({ ...said, timings }, { gainDb: 0 });
  expect(msOf(piece.samples.length)).toBeCloseTo(450, -1);
});

it("nothing audible: as the timings say", () => {
  const timings = [{ tokenIndex: 0, startSamples: 0.3 * RATE_HZ, endSamples: 0.5 * RATE_HZ }];
  const piece = preparePiece({ samples: new Float32Array(RATE_HZ), sampleRateHz: RATE_HZ, timings }, { gainDb: 0 });
  expect(msOf(piece.samples.length)).toBeCloseTo(250, 0);
});

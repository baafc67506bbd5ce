import fc from "fast-check";
import { expect, it } from "vitest";
import { estimatePitchHz, pitchFrameSamples } from "./pitch";

const options = { sampleRateHz: 8_000 };
const frameSamples = pitchFrameSamples(options);

/** Ten harmonics that grow weaker, as of a voice. */
function voice(pitchHz: number, phase = 0): Float32Array {
  return Float32Array.from({ length: frameSamples }, (_, at) => {
    const angle = 2 * Math.PI * pitchHz * (at / options.sampleRateHz) + phase;
    return Array.from({ length: 10 }, (__, index) => Math.sin((index + 1) * angle) / (index + 1)).reduce(
      (sum, partial) => sum + 0.2 * partial,
      0,
    );
  });
}

it("finds the pitch of a voice from 70 to 400 Hz within 2 %", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 70, max: 400, noNaN: true }),
      fc.double({ min: 0, max: 6, noNaN: true }),
      (pitchHz, phase) => {
        expect(Math.abs((estimatePitchHz(voice(pitchHz, phase), options) ?? 0) / pitchHz - 1)).toBeLessThan(0.02);
      },
    ),
  );
});

it("finds no pitch in a tone above every voice", () => {
  const whistle = Float32Array.from({ length: frameSamples }, (_, at) => Math.sin((2 * Math.PI * 1_000 * at) / 8_000));
  expect(estimatePitchHz(whistle, options)).toBeUndefined();
});

it("finds no pitch in silence, noise and clicks", () => {
  let state = 1;
  const noise = Float32Array.from({ length: frameSamples }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  });
  const click = new Float32Array(frameSamples);
  click[100] = 1;
  for (const frame of [new Float32Array(frameSamples), noise, click])
    expect(estimatePitchHz(frame, options)).toBeUndefined();
});

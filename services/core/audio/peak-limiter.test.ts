import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { limitPeaks, truePeakDb } from "./peak-limiter";

const sine = (hz: number, amplitude: number, phase = 0, length = 9_600): Float32Array =>
  Float32Array.from({ length }, (_, at) => amplitude * Math.sin((2 * Math.PI * hz * at) / 48_000 + phase));

const EDGE = 480;

/** Four-fold oversampling by another filter than the limiter's own. The ends, where the filter rings, are left out. */
async function measureTruePeakDb(samples: Float32Array): Promise<number> {
  const resampler = (await createSpeexResamplerFactory()).create({ fromHz: 48_000, toHz: 192_000 });
  const dense = [resampler.process(samples), resampler.flush()].flatMap((part) => [...part]);
  resampler.dispose();
  return (
    20 * Math.log10(dense.slice(4 * EDGE, -4 * EDGE).reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0))
  );
}

describe("limitPeaks", () => {
  it("leaves what is below the ceiling untouched", () => {
    const quiet = sine(440, 0.5);
    expect(limitPeaks(quiet)).toBe(quiet);
  });

  it.each([200, 440, 1_000, 3_150, 6_000, 7_900])("brings a tone of %i Hz at +6 dBFS to -1 dBTP", async (hz) => {
    const limited = limitPeaks(sine(hz, 2, 0.3));
    const peakDb = await measureTruePeakDb(limited);
    expect(peakDb).toBeLessThanOrEqual(-1);
    expect(peakDb).toBeGreaterThan(-1.6);
  });

  it("sees the peak between two samples that are both below the ceiling", async () => {
    // At a sixth of the sample rate with this phase every sample lies 30 degrees beside a crest, or on a zero.
    const hidden = sine(8_000, 1);
    expect(hidden.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeLessThan(0.88);
    expect(truePeakDb(hidden.slice(EDGE, -EDGE))).toBeCloseTo(0, 0);
    expect(await measureTruePeakDb(limitPeaks(hidden))).toBeLessThanOrEqual(-1);
  });

  it("comes back to full level after a single peak", () => {
    const samples = sine(300, 0.2, 0, 48_000);
    samples[10_000] = 1.5;
    const limited = limitPeaks(samples);
    expect(Math.abs(limited[10_000] ?? 1)).toBeLessThan(0.9);
    expect(limited[9_000]).toBeCloseTo(samples[9_000] ?? 0, 5);
    expect(limited[40_000]).toBeCloseTo(samples[40_000] ?? 0, 3);
  });

  it("[property] never exceeds the ceiling at a sample, and never changes a sign", () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { maxLength: 400 }), (values) => {
        const samples = Float32Array.from(values);
        const limited = limitPeaks(samples, { ceilingDb: -1 });
        limited.forEach((sample, at) => {
          expect(Math.abs(sample)).toBeLessThanOrEqual(10 ** (-1 / 20));
          expect(sample * (samples[at] ?? 0)).toBeGreaterThanOrEqual(0);
        });
      }),
    );
  });
});

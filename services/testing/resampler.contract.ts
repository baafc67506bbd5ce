import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { concatFloat, rms } from "#core/audio/pcm";
import { gainToDb } from "#contracts/units";
import type { ResamplerFactory } from "#core/ports/resampler";

interface Rates {
  fromHz: number;
  toHz: number;
}

const CONVERSIONS: Rates[] = [
  { fromHz: 44_100, toHz: 16_000 },
  { fromHz: 48_000, toHz: 16_000 },
  { fromHz: 16_000, toHz: 48_000 },
];

/** What every resampler must do. */
export function describeResamplerContract(name: string, setUp: () => Promise<ResamplerFactory>): void {
  describe(`resampler: ${name}`, () => {
    let factory: ResamplerFactory;
    beforeAll(async () => {
      factory = await setUp();
    });

    const convert = (rates: Rates, parts: readonly Float32Array[]): Float32Array => {
      const resampler = factory.create(rates);
      const output = concatFloat([...parts.map((part) => resampler.process(part)), resampler.flush()]);
      resampler.dispose();
      return output;
    };

    it.each(CONVERSIONS)("keeps level, frequency and place of a 1 kHz tone: $fromHz Hz to $toHz Hz", (rates) => {
      const output = convert(rates, [tone({ hz: 1_000, sampleRateHz: rates.fromHz, seconds: 1 })]);
      const expected = tone({ hz: 1_000, sampleRateHz: rates.toHz, seconds: 1 });
      expect(output).toHaveLength(expected.length);
      const edge = Math.round(rates.toHz / 50);
      const error = output.slice(edge, -edge).map((sample, i) => sample - (expected[i + edge] ?? 0));
      expect(gainToDb(rms(error) / rms(expected))).toBeLessThan(-60);
    });

    it.each([
      { hz: 12_000, fromHz: 48_000 },
      { hz: 9_000, fromHz: 48_000 },
      { hz: 15_000, fromHz: 44_100 },
    ])("removes $hz Hz at $fromHz Hz instead of folding it into 16 kHz", ({ hz, fromHz }) => {
      const output = convert({ fromHz, toHz: 16_000 }, [tone({ hz, sampleRateHz: fromHz, seconds: 1 })]);
      expect(gainToDb(rms(output.subarray(800, -800)) / Math.SQRT1_2)).toBeLessThan(-80);
    });

    it("adds nothing above the old band when it doubles or trebles the rate", () => {
      const output = convert({ fromHz: 16_000, toHz: 48_000 }, [tone({ hz: 3_000, sampleRateHz: 16_000, seconds: 1 })]);
      const image = convert({ fromHz: 48_000, toHz: 16_000 }, [output]);
      const expected = tone({ hz: 3_000, sampleRateHz: 16_000, seconds: 1 });
      const error = image.slice(800, -800).map((sample, i) => sample - (expected[i + 800] ?? 0));
      expect(gainToDb(rms(error) / rms(expected))).toBeLessThan(-60);
      expect(gainToDb(amplitudeAt(output, { hz: 13_000, sampleRateHz: 48_000 }))).toBeLessThan(-60);
    });

    it("gives the same samples however the stream is cut", () => {
      const lengths = fc.array(fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 5_000 })), { maxLength: 12 });
      fc.assert(
        fc.property(fc.constantFrom(...CONVERSIONS), lengths, (rates, cuts) => {
          const whole = noise(cuts.reduce((sum, length) => sum + length, 0));
          let at = 0;
          const parts = cuts.map((length) => whole.subarray(at, (at += length)));
          expect(convert(rates, parts)).toEqual(convert(rates, [whole]));
        }),
        { numRuns: 60 },
      );
    });

    it.each(CONVERSIONS)(
      "gives the whole stream's length after flush, for any length: $fromHz Hz to $toHz Hz",
      (rates) => {
        for (const length of [0, 1, 2, 160, 441, 4_801]) {
          expect(convert(rates, [noise(length)])).toHaveLength(Math.round((length * rates.toHz) / rates.fromHz));
        }
      },
    );

    it("answers a 20 ms frame at once, holding back no more than 5 ms", () => {
      const resampler = factory.create({ fromHz: 48_000, toHz: 16_000 });
      expect(resampler.process(noise(960)).length).toBeGreaterThanOrEqual(320 - 80);
      resampler.dispose();
    });

    it("passes equal rates through, as a copy", () => {
      const samples = noise(100);
      const output = factory.create({ fromHz: 16_000, toHz: 16_000 }).process(samples);
      expect(output).toEqual(samples);
      expect(output.buffer).not.toBe(samples.buffer);
    });

    it("keeps interleaved streams apart", () => {
      const rates = { fromHz: 48_000, toHz: 16_000 };
      const [left, right] = [factory.create(rates), factory.create(rates)];
      const samples = noise(4_800);
      const parts: Float32Array[] = [];
      for (let at = 0; at < samples.length; at += 480) {
        right.process(new Float32Array(480).fill(1));
        parts.push(left.process(samples.subarray(at, at + 480)));
      }
      expect(concatFloat([...parts, left.flush()])).toEqual(convert(rates, [samples]));
      left.dispose();
      right.dispose();
    });

    it("refuses to go on after flush or dispose, and may be disposed twice", () => {
      const rates = { fromHz: 48_000, toHz: 16_000 };
      const flushed = factory.create(rates);
      flushed.flush();
      expect(() => flushed.process(noise(10))).toThrow();
      flushed.dispose();
      flushed.dispose();
      expect(() => flushed.flush()).toThrow();
    });

    it.each([0, -1, 44_100.5, Number.NaN, 1_000_000])("refuses the rate %s with unsupported-audio", (rateHz) => {
      expect(() => factory.create({ fromHz: rateHz, toHz: 16_000 })).toThrow(
        expect.objectContaining({ code: "unsupported-audio" }),
      );
    });
  });
}

/** Sine of amplitude 1. */
export function tone(options: { hz: number; sampleRateHz: number; seconds: number }): Float32Array {
  const radians = (2 * Math.PI * options.hz) / options.sampleRateHz;
  return Float32Array.from({ length: Math.round(options.seconds * options.sampleRateHz) }, (_, i) =>
    Math.sin(radians * i),
  );
}

/** Repeatable white noise in [-0.5, 0.5]. */
function noise(length: number): Float32Array {
  let seed = 1;
  return Float32Array.from({ length }, () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5);
}

/** Amplitude of one frequency in the signal (single bin of a Fourier transform). */
function amplitudeAt(samples: Float32Array, options: { hz: number; sampleRateHz: number }): number {
  const radians = (2 * Math.PI * options.hz) / options.sampleRateHz;
  let real = 0;
  let imaginary = 0;
  samples.forEach((sample, i) => {
    real += sample * Math.cos(radians * i);
    imaginary += sample * Math.sin(radians * i);
  });
  return (2 * Math.hypot(real, imaginary)) / samples.length;
}

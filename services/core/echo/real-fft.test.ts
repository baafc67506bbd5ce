import fc from "fast-check";
import { expect, test } from "vitest";
import { createSpectrum, RealFft } from "./real-fft";

test("gives what the definition gives", () => {
  const length = 32;
  const fft = new RealFft(length);
  const samples = fc.float32Array({ minLength: length, maxLength: length, min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(samples, (input) => {
      const spectrum = createSpectrum(fft.binCount);
      fft.forward(input, spectrum);
      for (let k = 0; k < fft.binCount; k++) {
        const angle = (i: number) => (2 * Math.PI * k * i) / length;
        const re = input.reduce((sum, sample, i) => sum + sample * Math.cos(angle(i)), 0);
        const im = input.reduce((sum, sample, i) => sum - sample * Math.sin(angle(i)), 0);
        expect(Math.abs((spectrum.re[k] ?? 0) - re) + Math.abs((spectrum.im[k] ?? 0) - im)).toBeLessThan(1e-4);
      }
    }),
  );
});

test("comes back to the samples that went in", () => {
  const fft = new RealFft(64);
  const samples = fc.float32Array({ minLength: 64, maxLength: 64, min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(samples, (input) => {
      const spectrum = createSpectrum(fft.binCount);
      const output = new Float32Array(64);
      fft.forward(input, spectrum);
      fft.inverse(spectrum, output);
      output.forEach((sample, i) => expect(Math.abs(sample - (input[i] ?? 0))).toBeLessThan(1e-5));
    }),
  );
});

test("refuses what is no power of two", () => {
  expect(() => new RealFft(1000)).toThrow(RangeError);
});

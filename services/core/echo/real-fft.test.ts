import fc from "fast-check";
import { expect, test } from "vitest";
import { createSpectrum, RealFft } from "./real-fft";

test.each([8, 16, 32, 64])("gives what the definition gives, for %i samples", (length) => {
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

test.each([32, 1024])("comes back to the %i samples that went in", (length) => {
  const fft = new RealFft(length);
  const samples = fc.float32Array({ minLength: length, maxLength: length, min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(samples, (input) => {
      const spectrum = createSpectrum(fft.binCount);
      const output = new Float32Array(length);
      fft.forward(input, spectrum);
      fft.inverse(spectrum, output);
      const errors = output.map((sample, i) => Math.abs(sample - (input[i] ?? 0)));
      expect(Math.max(...errors)).toBeLessThan(1e-5);
    }),
  );
});

test("refuses what is no power of two", () => {
  expect(() => new RealFft(1000)).toThrow(RangeError);
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatFloat } from "./pcm";
import { WindowSplitter } from "./window-splitter";

const ramp = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i);

describe("WindowSplitter", () => {
  it("gives a window only when it is full", () => {
    const splitter = new WindowSplitter({ windowSamples: 4 });
    expect(splitter.push(ramp(3))).toEqual([]);
    expect(splitter.push(Float32Array.of(3))).toEqual([{ samples: ramp(4), endSample: 4 }]);
  });

  it("keeps every sample in its place, however the stream is cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 40 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 16 }),
        (lengths, windowSamples) => {
          const whole = ramp(lengths.reduce((sum, length) => sum + length, 0));
          const splitter = new WindowSplitter({ windowSamples });
          let at = 0;
          const windows = lengths.flatMap((length) => splitter.push(whole.subarray(at, (at += length))));
          const full = Math.floor(whole.length / windowSamples);
          expect(concatFloat(windows.map((window) => window.samples))).toEqual(whole.slice(0, full * windowSamples));
          expect(windows.map((window) => window.endSample)).toEqual(
            Array.from({ length: full }, (_, i) => (i + 1) * windowSamples),
          );
        },
      ),
    );
  });

  it("does not change a window that it gave away", () => {
    const splitter = new WindowSplitter({ windowSamples: 2 });
    const [first] = splitter.push(Float32Array.of(1, 2));
    splitter.push(Float32Array.of(3, 4));
    expect(first?.samples).toEqual(Float32Array.of(1, 2));
  });

  it("starts anew after a reset", () => {
    const splitter = new WindowSplitter({ windowSamples: 2 });
    splitter.push(Float32Array.of(1, 2, 3));
    splitter.reset();
    expect(splitter.push(Float32Array.of(8, 9))).toEqual([{ samples: Float32Array.of(8, 9), endSample: 2 }]);
  });
});

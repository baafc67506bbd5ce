import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatFloat } from "./pcm";
import { FrameSplitter } from "./frame-splitter";

describe("FrameSplitter", () => {
  it("keeps a whole frame back, since it may be the last", () => {
    const splitter = new FrameSplitter();
    expect(splitter.push(new Float32Array(960).fill(0.5))).toEqual([]);
    expect(splitter.flush()).toEqual(new Float32Array(960).fill(0.5));
  });

  it("gives a silent frame for an empty stream", () => {
    expect(new FrameSplitter().flush()).toEqual(new Float32Array(960));
  });

  it("[property] frames hold the stream unchanged, filled up with silence at its end", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3_000 }), { maxLength: 8 }), (lengths) => {
        const splitter = new FrameSplitter();
        let next = 0;
        const parts = lengths.map((length) => Float32Array.from({ length }, () => (++next % 1000) / 1000));
        const frames = [...parts.flatMap((part) => splitter.push(part)), splitter.flush()];
        for (const frame of frames) expect(frame.length).toBe(960);
        const stream = concatFloat(parts);
        const received = concatFloat(frames);
        expect(received.length - stream.length).toBeLessThanOrEqual(960);
        expect(received.slice(0, stream.length)).toEqual(stream);
        expect(received.slice(stream.length).every((sample) => sample === 0)).toBe(true);
      }),
    );
  });
});

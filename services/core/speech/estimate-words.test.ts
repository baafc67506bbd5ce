import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimateWords } from "./estimate-words";

describe("estimateWords", () => {
  it("gives longer words more of the sound, between the silences", () => {
    const samples = new Int16Array(3_000).fill(1_000, 1_000, 2_000);
    expect(estimateWords({ text: "Go, somewhere – now.", offset: 40 }, samples)).toEqual([
      { text: "Go,", startSamples: 1_000, endSamples: 1_211, textStart: 40, textEnd: 43 },
      { text: "somewhere", startSamples: 1_211, endSamples: 1_737, textStart: 44, textEnd: 53 },
      { text: "now.", startSamples: 1_737, endSamples: 2_000, textStart: 56, textEnd: 60 },
    ]);
  });

  it("never leaves the audio, and follows the order of the text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), fc.array(fc.integer({ min: -200, max: 200 })), (text, values) => {
        const samples = Int16Array.from(values);
        let before = 0;
        for (const word of estimateWords({ text, offset: 7 }, samples)) {
          expect(word.startSamples).toBeGreaterThanOrEqual(before);
          expect(word.endSamples).toBeGreaterThanOrEqual(word.startSamples);
          expect(word.endSamples).toBeLessThanOrEqual(samples.length);
          expect(text.slice(word.textStart - 7, word.textEnd - 7)).toBe(word.text);
          before = word.endSamples;
        }
      }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { chooseRewind, type RewindRequest } from "./rewind";

const TEXT = "Once upon a time, there lived a keeper.";
const WORD_SAMPLES = 14_400;
const words = [...TEXT.matchAll(/\S+/gu)].map((match, index) => ({
  startSamples: index * WORD_SAMPLES,
  endSamples: (index + 1) * WORD_SAMPLES,
  textStart: match.index,
  textEnd: match.index + match[0].length,
}));

function rewind(cutWords: number, change: Partial<RewindRequest> = {}): number {
  const cutSamples = Math.round(cutWords * WORD_SAMPLES);
  const request = { text: TEXT, words, cutSamples, maskedFromSamples: cutSamples, lastRewindSamples: -1 };
  return chooseRewind({ ...request, isComplete: true, ...change }) / WORD_SAMPLES;
}

describe("[TT49] where the voice goes on", () => {
  it("at the start of the word in which it fell silent", () => {
    expect(rewind(5.4)).toBe(5);
  });

  it("at the first masked word", () => {
    expect(rewind(5.4, { maskedFromSamples: 3.5 * WORD_SAMPLES })).toBe(3);
  });

  it("at the start of the clause when much was masked", () => {
    expect(
      rewind(7.4, { maskedFromSamples: 5.2 * WORD_SAMPLES, cutSamples: 9.4 * WORD_SAMPLES, isComplete: false }),
    ).toBe(4);
  });

  it("exactly there in the last word, as far as the turn is known", () => {
    expect(rewind(7.5)).toBe(7.5);
    expect(rewind(7.5, { isComplete: false })).toBe(7);
  });

  it("exactly there where it would go back to the same place again", () => {
    expect(rewind(5.8, { lastRewindSamples: 5 * WORD_SAMPLES })).toBe(5.8);
    expect(rewind(6.2, { lastRewindSamples: 5 * WORD_SAMPLES })).toBe(6);
  });

  it("with the next word when it fell silent before it", () => {
    const paused = words.map((word, index) =>
      index < 5 ? word : { ...word, startSamples: word.startSamples + 14_400, endSamples: word.endSamples + 14_400 },
    );
    expect(rewind(5.2, { words: paused })).toBeCloseTo(6 - 1_920 / WORD_SAMPLES);
    expect(rewind(5.95, { words: paused })).toBeCloseTo(5.95);
  });

  it("exactly there where two words meet, without words, and rather than more than 2 s back", () => {
    expect(rewind(5)).toBe(5);
    expect(rewind(5.4, { words: [] })).toBeCloseTo(5.4);
    expect(rewind(7.9, { isComplete: false, maskedFromSamples: 0 })).toBeCloseTo(7.9);
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { OwnWords, type SpokenWord } from "./own-words";

const WORD_SAMPLES = 16_000;

function playing(text: string): { own: OwnWords; endSample: number } {
  const words: SpokenWord[] = text
    .split(" ")
    .map((word, i) => ({ text: word, startSample: i * WORD_SAMPLES, endSample: (i + 1) * WORD_SAMPLES }));
  const own = new OwnWords();
  own.add(words);
  return { own, endSample: words.length * WORD_SAMPLES };
}

const story = "Long ago a clock maker built a clock that was never wrong and nobody believed it";

test("[E7] the agent's words that come back are known, also as the ears write them", () => {
  const { own, endSample } = playing(story);
  const at = { positionSamples: endSample };
  expect(own.likelihood("was never wrong", at)).toBe(1);
  expect(own.likelihood("was never wrung and nobody believe it.", at)).toBeGreaterThan(0.8);
});

test("[E7] other words are not the agent's", () => {
  const { own, endSample } = playing(story);
  const at = { positionSamples: endSample };
  expect(own.likelihood("wait, what time is it in Lisbon?", at)).toBeLessThan(0.2);
  expect(own.likelihood("", at)).toBe(0);
});

test("[E7] one or two words prove little, what was played long ago and what is yet to come prove nothing", () => {
  const { own, endSample } = playing(story);
  expect(own.likelihood("wrong", { positionSamples: endSample })).toBeLessThan(0.5);
  expect(own.likelihood("was never wrong", { positionSamples: endSample + 6 * 48_000 })).toBe(0);
  expect(own.likelihood("nobody believed it", { positionSamples: 4 * WORD_SAMPLES })).toBe(0);
});

test("[E7] every run of three words just played is known for certain, and nothing is more than certain", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{4,9}$/), { minLength: 6, maxLength: 12 });
  fc.assert(
    fc.property(words, fc.nat(), (played, seed) => {
      const { own, endSample } = playing(played.join(" "));
      const last = played.slice(-6);
      const from = seed % (last.length - 2);
      const at = { positionSamples: endSample };
      expect(own.likelihood(last.slice(from, from + 3).join(" "), at)).toBe(1);
      expect(own.likelihood([...last].reverse().join(" "), at)).toBeLessThanOrEqual(1);
    }),
  );
});

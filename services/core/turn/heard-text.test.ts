import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitAtPlayout, type TimedWord } from "./heard-text";

const text = "Hello, world. How are you?";
const words: TimedWord[] = [
  { startSample: 0, endSample: 100, textStart: 0, textEnd: 5 },
  { startSample: 100, endSample: 200, textStart: 7, textEnd: 12 },
  { startSample: 300, endSample: 400, textStart: 14, textEnd: 17 },
];

function heardAt(positionSamples: number, isComplete = false): string {
  return splitAtPlayout(text, words, { positionSamples, isComplete }).heardText;
}

describe("splitAtPlayout", () => {
  it("[TT23] a word is heard when its last sample was played, not before", () => {
    expect(heardAt(99)).toBe("");
    expect(heardAt(100)).toBe("Hello,");
    expect(heardAt(199)).toBe("Hello,");
    expect(heardAt(250)).toBe("Hello, world.");
  });

  it("[TT23] text behind the last timed word is unheard until everything was played", () => {
    expect(heardAt(10_000)).toBe("Hello, world. How");
    expect(heardAt(10_000, true)).toBe(text);
  });

  it("[TT23] heard and unheard text together hold every word, once", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,6}[,.]?$/), { minLength: 1, maxLength: 20 }),
        fc.nat(2_500),
        (parts, positionSamples) => {
          let at = 0;
          const spoken = parts.map((part, index) => {
            const word = {
              startSample: index * 100,
              endSample: index * 100 + 100,
              textStart: at,
              textEnd: at + part.length,
            };
            at += part.length + 1;
            return word;
          });
          const split = splitAtPlayout(parts.join(" "), spoken, { positionSamples, isComplete: false });
          const both = [split.heardText, split.unheardText].filter((side) => side !== "").join(" ");
          expect(both).toBe(parts.join(" "));
          expect(split.heardText.split(" ").filter((word) => word !== "")).toHaveLength(
            Math.min(parts.length, Math.floor(positionSamples / 100)),
          );
        },
      ),
    );
  });
});

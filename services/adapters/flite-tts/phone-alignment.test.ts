import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Phone } from "./flite-program";
import { parsePhones } from "./flite-program";
import { alignWords, guessPhones, splitAtSilence } from "./phone-alignment";

const heard = (names: string): Phone[] => names.split(" ").map((name, index) => ({ name, endMs: (index + 1) * 100 }));

describe("alignWords", () => {
  it("finds words whose phones are as expected, without the silence between them", () => {
    const spans = alignWords(
      [
        ["hh", "ax", "l", "ow"],
        ["dh", "eh", "r"],
      ],
      heard("pau hh ax l ow pau dh eh r pau"),
    );
    expect(spans).toEqual([
      { startMs: 100, endMs: 500 },
      { startMs: 600, endMs: 900 },
    ]);
  });

  it("bears a changed, a dropped and an added phone", () => {
    const spans = alignWords(
      [
        ["dh", "ax"],
        ["ae", "n", "d"],
        ["ae", "p", "ax", "l"],
      ],
      heard("pau dh iy ax n ae p w ax l pau"),
    );
    expect(spans).toEqual([
      { startMs: 100, endMs: 300 },
      { startMs: 300, endMs: 500 },
      { startMs: 500, endMs: 1000 },
    ]);
  });

  it("places an unknown word by its letters", () => {
    const spans = alignWords(
      [["hh", "ay"], guessPhones("zorba"), ["b", "ay"]],
      heard("pau hh ay z ao r b ax b ay pau"),
    );
    expect(spans[1]).toEqual({ startMs: 300, endMs: 800 });
  });

  it("[property] spans are in order, do not overlap and lie inside, whatever was expected and heard", () => {
    const phone = fc.constantFrom("pau", "a", "b", "iy", "k", "s", "ow");
    fc.assert(
      fc.property(
        fc.array(fc.array(phone, { maxLength: 5 }), { maxLength: 8 }),
        fc.array(phone, { minLength: 1, maxLength: 40 }),
        (words, names) => {
          const phones = heard(names.join(" "));
          let end = 0;
          const spans = alignWords(words, phones);
          expect(spans).toHaveLength(words.length);
          for (const span of spans) {
            expect(span.startMs).toBeGreaterThanOrEqual(end);
            expect(span.endMs).toBeGreaterThanOrEqual(span.startMs);
            end = span.endMs;
          }
          expect(end).toBeLessThanOrEqual(phones.at(-1)?.endMs ?? 0);
        },
      ),
    );
  });
});

describe("what flite prints", () => {
  it("is read as phones with their ends", () => {
    expect(parsePhones("pau:0.164 hh:0.255 \n")).toEqual([
      { name: "pau", endMs: 164 },
      { name: "hh", endMs: 255 },
    ]);
  });

  it("falls into words where it is silent", () => {
    expect(splitAtSilence(heard("pau hh ay pau pau b ay"))).toEqual([
      ["hh", "ay"],
      ["b", "ay"],
    ]);
  });
});

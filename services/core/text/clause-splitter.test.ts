import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ClauseSplitter, type Clause } from "./clause-splitter";

function split(chunks: readonly string[]): Clause[] {
  const splitter = new ClauseSplitter();
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()];
}
const texts = (clauses: readonly Clause[]): string[] => clauses.map((clause) => clause.text);
const clausesOf = (text: string): string[] => texts(split([text]));

/** Text made of what tends to break splitters, and of anything at all. */
const trickyPiece = fc.constantFrom(
  "Dr. Who ",
  "e.g. ",
  "3.14 ",
  "1,000 ",
  "10:15 ",
  "U.S. ",
  "and ",
  "because ",
  "J. R. ",
  "https://a.b/c?d=e ",
  "... ",
  "…",
  "—",
  " - ",
  ", ",
  ". ",
  "! ",
  "? ",
  ": ",
  "; ",
  "\n",
  "\n\n",
  "- ",
  "1. ",
  "```",
  "```js\n",
  "\n```\n",
  "**bold.** ",
  "“Hi.” ",
  "etc. The ",
  "p.m. ",
  "👋🏽 ",
  "。",
  "！",
  "word ",
  "another ",
  "Word ",
  "x".repeat(320),
  "   ",
);
const anyText = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: trickyPiece },
      { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(""));
const cutPoints = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

function chunk(text: string, points: readonly number[]): string[] {
  const cuts = [0, ...points.map((point) => Math.floor(point * text.length)).sort((a, b) => a - b), text.length];
  return cuts.slice(1).map((cut, index) => text.slice(cuts[index], cut));
}

describe("ClauseSplitter, whatever the text", () => {
  it("gives back exactly the text, with right offsets, also when stall is called anywhere", () => {
    fc.assert(
      fc.property(anyText, cutPoints, fc.array(fc.boolean(), { maxLength: 32 }), (text, points, stalls) => {
        const splitter = new ClauseSplitter();
        const clauses = chunk(text, points).flatMap((piece, index) => [
          ...splitter.push(piece),
          ...(stalls[index] === true ? [...splitter.stall(), ...splitter.stall()] : []),
        ]);
        clauses.push(...splitter.end());
        let offset = 0;
        for (const clause of clauses) {
          expect(clause.offset).toBe(offset);
          expect(clause.text).not.toBe("");
          offset += clause.text.length;
        }
        expect(texts(clauses).join("")).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("cuts the same clauses whatever the chunks", () => {
    fc.assert(
      fc.property(anyText, cutPoints, (text, points) => {
        const whole = split([text]);
        expect(split(chunk(text, points))).toEqual(whole);
        expect(split([...text].slice(0, 1_500)), "one code point each").toEqual(
          split([[...text].slice(0, 1_500).join("")]),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("has no clause of more than 25 words, and none of more than 300 characters outside blocks of code", () => {
    fc.assert(
      fc.property(
        anyText.filter((text) => !text.includes("`")),
        (text) => {
          for (const clause of clausesOf(text)) {
            expect(clause.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length).toBeLessThanOrEqual(25);
            expect(clause.trim().length).toBeLessThanOrEqual(300);
          }
        },
      ),
    );
    const words = Array.from({ length: 90 }, (_, index) => `word${String.fromCharCode(97 + (index % 26))}`);
    for (const clause of clausesOf(words.join(" "))) expect(clause.trim().split(" ").length).toBeLessThanOrEqual(25);
  });
});

describe("ClauseSplitter, sentences", () => {
  it.each<[rule: string, text: string, clauses: string[]]>([
    [
      "ends at . ! and ?",
      "Hello there. How nice! Are you well? Good.",
      ["Hello there. ", "How nice! ", "Are you well? ", "Good."],
    ],
    [
      "ends at a semicolon, a colon and a line break",
      "I see; that is it: yes\nand no",
      ["I see; ", "that is it: ", "yes\n", "and no"],
    ],
    [
      "keeps quotes and emphasis with their sentence",
      "He said “Go.” **Then.** Left.",
      ["He said “Go.” ", "**Then.** ", "Left."],
    ],
    [
      "keeps decimal numbers and thousands whole",
      "Pi is 3.14 or so, and 1,000 is more. Yes.",
      ["Pi is 3.14 or so, ", "and 1,000 is more. ", "Yes."],
    ],
    ["keeps a list of numbers whole", "They are 1, 2, 3, 4 and 5.", ["They are 1, 2, 3, 4 and 5."]],
    ["keeps times whole", "It is 10:15 now. Go.", ["It is 10:15 now. ", "Go."]],
    [
      "keeps titles with their names",
      "Dr. Smith met Mrs. Jones. They talked.",
      ["Dr. Smith met Mrs. Jones. ", "They talked."],
    ],
    ["keeps e.g. and i.e. inside", "Fruit, e.g. Apples, i.e. Food.", ["Fruit, e.g. Apples, ", "i.e. Food."]],
    [
      "keeps U.S. and other dotted letters inside",
      "The U.S. Senate and the N.B.A. Finals.",
      ["The U.S. Senate and the N.B.A. Finals."],
    ],
    ["keeps initials with the name", "By J. R. R. Tolkien. Read it.", ["By J. R. R. Tolkien. ", "Read it."]],
    [
      "takes a letter behind a small word for the end of a sentence",
      "We use plan B. We win.",
      ["We use plan B. ", "We win."],
    ],
    [
      "ends at a.m. and etc. only before a capital",
      "At 10 a.m. we go. Pens, etc. are here. Pens etc. The end.",
      ["At 10 a.m. we go. ", "Pens, etc. are here. ", "Pens etc. ", "The end."],
    ],
    [
      "takes No. for a word unless a number follows",
      "No. I won't. Take No. 5 now.",
      ["No. ", "I won't. ", "Take No. 5 now."],
    ],
    [
      "keeps URLs whole",
      "See https://a.example/x?y=1.5 now. Or example.com. Bye.",
      ["See https://a.example/x?y=1.5 now. ", "Or example.com. ", "Bye."],
    ],
    [
      "does not cut inside an ellipsis, nor behind one that goes on small",
      "Well... perhaps so… maybe. Hm... No.",
      ["Well... perhaps so… ", "maybe. ", "Hm... ", "No."],
    ],
    [
      "keeps a list's number with its item",
      "Two things:\n1. First one.\n2. Second one.",
      ["Two things:\n", "1. First one.\n", "2. Second one."],
    ],
    [
      "cuts Markdown bullets at their lines",
      "We have:\n- tea\n- milk\n\nDone.",
      ["We have:\n", "- tea\n", "- milk\n\n", "Done."],
    ],
    [
      "keeps a block of code whole",
      "Look:\n```js\nlet a = 1. \n\nb; c\n```\nThat was it. Yes.",
      ["Look:\n", "```js\nlet a = 1. \n\nb; c\n```\n", "That was it. ", "Yes."],
    ],
    ["keeps an unclosed block of code whole", "```\na. B\nc", ["```\na. B\nc"]],
    ["ends at full-width marks without spaces", "你好。再见！", ["你好。", "再见！"]],
    ["leaves blank text alone", " \n ", [" \n "]],
  ])("%s", (_rule, text, clauses) => {
    expect(clausesOf(text)).toEqual(clauses);
  });

  it("cuts text without spaces at 300 characters, never inside a surrogate pair", () => {
    expect(clausesOf("x".repeat(700)).map((clause) => clause.length)).toEqual([300, 300, 100]);
    expect(clausesOf(`y${"👋".repeat(200)}`).map((clause) => clause.length)).toEqual([299, 102]);
  });
});

describe("ClauseSplitter, inside sentences", () => {
  it("lets the first clause end at a comma from the third word on, later ones from the seventh", () => {
    expect(clausesOf("Well, I think so, but the weather is, as far as I can see, rather good, my friend.")).toEqual([
      "Well, I think so, ",
      "but the weather is, as far as I can see, ",
      "rather good, my friend.",
    ]);
  });
  it("cuts before a conjunction once the clause is long", () => {
    expect(
      clausesOf("The small brown dog ran because the old grey cat of the neighbours had come in while nobody watched."),
    ).toEqual([
      "The small brown dog ran ",
      "because the old grey cat of the neighbours had come in ",
      "while nobody watched.",
    ]);
    expect(clausesOf("The small brown android ran and androids ran.")).toEqual([
      "The small brown android ran ",
      "and androids ran.",
    ]);
  });
  it("cuts at dashes with and without spaces", () => {
    expect(clausesOf("It is a dog—a small one. It is a dog - mine.")).toEqual([
      "It is a dog—",
      "a small one. ",
      "It is a dog - mine.",
    ]);
  });
});

describe("ClauseSplitter, time", () => {
  it("releases a sentence with the first token behind it", () => {
    const splitter = new ClauseSplitter();
    expect(splitter.push("It is noon.")).toEqual([]);
    expect(splitter.push(" The")).toEqual([{ text: "It is noon. ", offset: 0 }]);
    expect(splitter.push(" sun")).toEqual([]);
    expect(splitter.end()).toEqual([{ text: "The sun", offset: 12 }]);
  });
  it.each([
    "It is noon.",
    "Is it noon?",
    "He said “Go!”",
    "Really…",
    "Here it comes:",
    "One line\n",
    "- item\n",
    "Pens, etc.",
    "No.",
  ])("on a stall releases %j", (text) => {
    const splitter = new ClauseSplitter();
    expect(splitter.push(text)).toEqual([]);
    expect(splitter.stall()).toEqual([{ text, offset: 0 }]);
    expect(splitter.stall()).toEqual([]);
    expect(splitter.push(" More").concat(splitter.end())).toEqual([{ text: " More", offset: text.length }]);
  });
  it.each([
    "It is",
    "Dear Dr.",
    "In the U.S.",
    "By J.",
    "We meet at 10:",
    "for example e.",
    "```js\ndone.",
    "one, two,",
    "",
  ])("on a stall keeps %j", (text) => {
    const splitter = new ClauseSplitter();
    splitter.push(text);
    expect([...splitter.stall(), ...splitter.stall()]).toEqual([]);
  });
  it("releases a sentence that ends in a digit only at the second stall, since it may be a decimal number", () => {
    const splitter = new ClauseSplitter();
    splitter.push("Pi is 3.");
    expect(splitter.stall()).toEqual([]);
    splitter.push("14 and that is 3.");
    expect(splitter.stall()).toEqual([]);
    expect(texts(splitter.stall())).toEqual(["Pi is 3.14 and that is 3."]);
  });
});

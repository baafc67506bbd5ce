import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSpeakableText } from "./speakable-text";

const speakable = createSpeakableText();
const say = (text: string): string =>
  speakable
    .normalize(text)
    .map((token) => token.spoken + token.punctuation)
    .join(" ");

function table(title: string, rows: readonly (readonly [written: string, said: string])[]): void {
  describe(title, () => {
    it.each(rows)("%j is said %j", (written, said) => expect(say(written)).toBe(said));
  });
}

table("numbers", [
  ["0", "zero"],
  ["23", "twenty three"],
  ["1,234,567", "one million two hundred thirty four thousand five hundred sixty seven"],
  ["3.14", "three point one four"],
  [".5", "zero point five"],
  ["0.05", "zero point zero five"],
  ["-5", "minus five"],
  ["−5.5", "minus five point five"],
  ["007", "zero zero seven"],
  [
    "12345678901234567890",
    "one two three four five six seven eight nine zero one two three four five six seven eight nine zero",
  ],
  ["1,024 bytes", "one thousand twenty four bytes"],
  ["1st, 2nd, 3rd, 4th, 21st, 100th", "first, second, third, fourth, twenty first, hundredth"],
  ["1/2 cup", "one half cup"],
  ["2 1/2 cups", "two and a half cups"],
  ["¾ or 2½", "three quarters or two and a half"],
  ["10-20 people", "ten to twenty people"],
  ["5–10%", "five to ten percent"],
  ["10k", "ten thousand"],
  ["No. 5 and #1", "number five and number one"],
  ["555-1234", "five five five one two three four"],
  ["(415) 555-0123", "four one five five five five zero one two three"],
  ["v1.2.3", "version one point two point three"],
  ["192.168.0.1", "one hundred ninety two point one hundred sixty eight point zero point one"],
  ["1920x1080", "one thousand nine hundred twenty by one thousand eighty"],
  ["1-800-555-0199", "one eight zero zero five five five zero one nine nine"],
  ["10-20-30", "ten twenty thirty"],
  ["10 000 km and 1\u202f234", "ten thousand kilometers and one thousand two hundred thirty four"],
  ["rooms 101 102", "rooms one hundred one one hundred two"],
  ["3rd-5th", "third to fifth"],
  ["$5-10 and $5–$10", "five to ten dollars and five to ten dollars"],
  ["£1.50-2 and $1.5-2 million", "one pound and fifty pence to two pounds and one point five to two million dollars"],
  ["E = mc^2, a² + b³", "ee equals mc squared, a squared plus b cubed"],
  ["a note²", "a note"],
]);

table("years, dates and times", [
  ["in 1984", "in nineteen eighty four"],
  ["in 1905", "in nineteen oh five"],
  ["in 1900", "in nineteen hundred"],
  ["in 2005", "in two thousand five"],
  ["in 2026", "in twenty twenty six"],
  ["1990-1995", "nineteen ninety to nineteen ninety five"],
  ["the 1990s and the '80s", "the nineteen nineties and the eighties"],
  ["2026-03-02", "march second twenty twenty six"],
  ["10:30-11:45 and 9-5pm", "ten thirty to eleven forty five and nine to five pee em"],
  ["8am–5:30 p.m.", "eight ay em to five thirty pee em."],
  ["31-12-2026", "december thirty first twenty twenty six"],
  ["2026-03-02T10:15:00Z", "march second twenty twenty six ten fifteen"],
  ["3/4/2026", "march fourth twenty twenty six"],
  ["31/12/2026", "december thirty first twenty twenty six"],
  ["3 March 2026", "march third twenty twenty six"],
  ["the 21st of May", "the twenty first of may"],
  ["March 3rd, 2026.", "march third twenty twenty six."],
  ["Sept. 5", "september fifth"],
  ["May I go?", "may i go?"],
  ["10:15", "ten fifteen"],
  ["10:00", "ten o'clock"],
  ["13:05", "thirteen oh five"],
  ["10:15:30", "ten fifteen and thirty seconds"],
  ["3pm", "three pee em"],
  ["3:30 p.m. today", "three thirty pee em today"],
  ["99:99", "ninety nine to ninety nine"],
]);

table("money and measures", [
  ["$3.50", "three dollars and fifty cents"],
  ["$1.00", "one dollar"],
  ["$0.01", "one cent"],
  ["-$5", "minus five dollars"],
  ["€20", "twenty euros"],
  ["£1m", "one million pounds"],
  ["$1.5 million", "one point five million dollars"],
  ["20 EUR", "twenty euros"],
  ["¥500", "five hundred yen"],
  ["50%", "fifty percent"],
  ["12.5 %", "twelve point five percent"],
  ["120 km/h", "one hundred twenty kilometers per hour"],
  ["-5 °C", "minus five degrees celsius"],
  ["1 kg", "one kilogram"],
  ["5kg of flour", "five kilograms of flour"],
  ["It is 5 in the morning", "it is five in the morning"],
  ["16 GB", "sixteen gigabytes"],
]);

table("words", [
  ["Node.js, .NET and notes.txt", "node dot jay ess, dot net and notes dot tee ex tee"],
  ["The end.So it is", "the end. so it is"],
  ["Louis XIV", "louis fourteen"],
  ["B → C", "bee to see"],
  ["Dr. Smith and Mr. Jones", "doctor smith and mister jones"],
  ["fruit, e.g. apples, etc.", "fruit, for example apples, et cetera."],
  ["cats vs. dogs", "cats versus dogs"],
  ["J. K. Rowling", "jay kay rowling"],
  ["the U.S. economy", "the you ess economy"],
  ["NASA uses HTTP", "nasa uses aitch tee tee pee"],
  ["three GPUs", "three jee pee you's"],
  ["STOP NOW", "stop now"],
  ["OK", "okay"],
  ["JavaScript", "java script"],
  ["GPT-4", "jee pee tee four"],
  ["World War II", "world war two"],
  ["Don't stop—it’s fine", "don't stop, it's fine"],
  ["o'clock", "o'clock"],
  ["well-known", "well known"],
  ["Dvořák eats at the straße", "dvorak eats at the strasse"],
  ["Привет", "privet"],
]);

table("addresses", [
  ["See https://www.example.com/a/b?c=1#d.", "see example dot com."],
  ["example.org is nice", "example dot org is nice"],
  ["mail bob.smith@mail.example.com now", "mail bob dot smith at mail dot example dot com now"],
  ["parley.io", "parley dot eye oh"],
]);

table("signs", [
  ["5 + 3 = 8", "five plus three equals eight"],
  ["10 - 3", "ten minus three"],
  ["3 * 4", "three times four"],
  ["8 × 2 ÷ 4", "eight times two divided by four"],
  ["5 < 6", "five is less than six"],
  ["R&D", "are and dee"],
  ["2^8", "two to the power of eight"],
]);

table("markup and emoji are never said", [
  ["# Heading\nText", "heading, text"],
  ["**bold**, *italic*, ~~gone~~ and `code`", "bold, italic, gone and code"],
  ["snake_case", "snake case"],
  ["- one\n- two\n* three", "one, two, three"],
  ["> quoted", "quoted"],
  ["[the docs](https://x.example/y_z) help", "the docs help"],
  ["![a cat](cat.png)", "a cat"],
  ["```js\nfoo(1);\n```\nDone.", "done."],
  ["before ```unclosed code", "before"],
  ["| a | b |\n|---|---|\n| c | d |", "a, b, c, d"],
  ["<b>bold</b> &amp; more", "bold and more"],
  ["Hello 😀👍🏽 world ❤️", "hello world"],
  ["😀 🎉", ""],
  [" \n\t ", ""],
  ["", ""],
]);

describe("tokens", () => {
  it("point at the original text", () => {
    const text = "I paid **$3.50** on 2026-03-02 to [Bob](http://b.example).";
    const spans = speakable.normalize(text).map((token) => text.slice(token.sourceStart, token.sourceEnd));
    expect(spans).toEqual(["I", "paid", "$3.50", "on", "2026-03-02", "to", "Bob"]);
  });

  it("cut a word without end into pieces", () => {
    const tokens = speakable.normalize("x".repeat(3000));
    expect(Math.max(...tokens.map((token) => token.spoken.length))).toBeLessThanOrEqual(40);
    expect(tokens.at(-1)?.sourceEnd).toBe(3000);
  });

  it("[property] are plain, in order and inside the text, whatever the text", () => {
    const pieces = fc.constantFrom(
      "$",
      "3.50",
      "-",
      "–",
      "/",
      ":",
      "**",
      "[a](b)",
      "```",
      "|",
      "\n",
      " ",
      "Dr.",
      "1,2",
      "10:15",
      "km/h",
      "@",
      "a.b",
      "é",
      "你",
      "😀",
      "'",
      "#",
      "No.",
      "II",
      "½",
      "v1",
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.string({ unit: "grapheme", maxLength: 200 }),
      fc.array(pieces, { maxLength: 60 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        let end = 0;
        for (const token of speakable.normalize(text)) {
          expect(token.spoken).toMatch(/^[A-Za-z']+(?: [A-Za-z']+)*$/);
          expect(token.punctuation).toMatch(/^[,.;:!?]?$/);
          expect(token.sourceStart).toBeGreaterThanOrEqual(end);
          expect(token.sourceEnd).toBeGreaterThan(token.sourceStart);
          end = token.sourceEnd;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });
});

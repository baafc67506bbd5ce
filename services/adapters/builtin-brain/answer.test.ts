import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BrainMessage } from "#core/ports/brain";
import { answer } from "./answer";

/** Monday. */
const wallTime = new Date(2026, 2, 2, 10, 15);
const say = (text: string, past: readonly BrainMessage[] = [], seed = 1): string =>
  answer([...past, { role: "user", text }], { seed, wallTime });
const user = (text: string): BrainMessage => ({ role: "user", text });
const agent = (text: string): BrainMessage => ({ role: "agent", text });
const cutOff = (text: string, unheardText?: string): BrainMessage => ({
  role: "agent",
  text,
  isCutOff: true,
  ...(unheardText === undefined ? {} : { unheardText }),
});

const fallback = /language model/;

describe("one utterance, as speech recognition writes it", () => {
  it.each<[said: string, answer: string | RegExp]>([
    // arithmetic
    ["What's twelve times seven?", "Twelve times seven is eighty-four."],
    ["what is 15 plus 27", "Fifteen plus twenty-seven is forty-two."],
    ["What is a hundred and five minus six?", "One hundred five minus six is ninety-nine."],
    ["Hello, what's 6 x 7?", "Six times seven is forty-two."],
    ["How much is 1,000 divided by eight?", "One thousand divided by eight is one hundred twenty-five."],
    ["Ten divided by three.", "Ten divided by three is about three point three three three three."],
    ["What is 3.5 plus 1.25?", "Three point five plus one point two five is four point seven five."],
    ["what's point one plus point two", "Zero point one plus zero point two is zero point three."],
    ["Five divided by zero.", /nothing can be divided by zero/],
    ["What is fifteen percent of eighty?", "Fifteen percent of eighty is twelve."],
    ["What's 20% of 50?", "Twenty percent of fifty is ten."],
    ["Two to the power of ten.", "Two to the power of ten is one thousand twenty-four."],
    ["What is two to the tenth power?", "Two to the power of ten is one thousand twenty-four."],
    ["What's nine squared?", "Nine squared is eighty-one."],
    ["What is the square root of one hundred forty-four?", "The square root of one hundred forty-four is twelve."],
    ["What is the square root of minus four?", /no answer among the ordinary numbers/],
    ["Two plus three times four.", "Two plus three times four is fourteen."],
    ["Five minus eight.", "Five minus eight is minus three."],
    ["What is to plus two?", "Two plus two is four."],
    ["Too times for", "Two times four is eight."],
    ["Add six and seven.", "Six plus seven is thirteen."],
    ["Can you add twenty to twenty-two, please?", "Twenty plus twenty-two is forty-two."],
    ["Subtract two from ten.", "Ten minus two is eight."],
    ["Multiply six by seven.", "Six times seven is forty-two."],
    ["What is half of ninety?", "Fifty percent of ninety is forty-five."],
    ["What's the sum of a hundred and five and six?", "One hundred five plus six is one hundred eleven."],
    ["two and a half times two", "Two point five times two is five."],
    ["What is one million times one million?", "One million times one million is one trillion."],
    ["What is a trillion times a trillion?", /too large/],
    ["12*12", "Twelve times twelve is one hundred forty-four."],
    ["What is 10-4?", "Ten minus four is six."],
    // spelling, repeating, counting
    ["Spell necessary.", "Necessary is spelled N, E, C, E, S, S, A, R, Y."],
    ["How do you spell the word cat?", "Cat is spelled C, A, T."],
    ["How is rhythm spelled?", "Rhythm is spelled R, H, Y, T, H, M."],
    ["Can you spell New York for me?", "New york is spelled N, E, W, then Y, O, R, K."],
    ["Spell my name.", /do not know your name/],
    ["Repeat after me, the quick brown fox.", "The quick brown fox."],
    ["Repeat after me: hello world", "Hello world."],
    ["Please say good morning everybody.", "Good morning everybody."],
    ["Repeat the words yellow submarine", "Yellow submarine."],
    ["Count to ten.", "One, two, three, four, five, six, seven, eight, nine, ten."],
    ["count to three please", "One, two, three."],
    ["Count from five to eight", "Five, six, seven, eight."],
    ["Count down from three.", "Three, two, one, zero."],
    ["Could you count backwards from four to two?", "Four, three, two."],
    ["Count to one million.", /too long/],
    // time and date
    ["What time is it?", "It is ten fifteen in the morning."],
    ["Hey, do you know what time it is now?", "It is ten fifteen in the morning."],
    ["What's the time?", "It is ten fifteen in the morning."],
    ["Tell me the time please.", "It is ten fifteen in the morning."],
    ["What time is it in New York?", /^I only know the time of this computer, and here it is ten fifteen/],
    ["What day is it?", "Today is Monday, the second of March, twenty twenty-six."],
    ["What day is it today?", "Today is Monday, the second of March, twenty twenty-six."],
    ["What's the date?", "Today is Monday, the second of March, twenty twenty-six."],
    ["What day is it tomorrow?", "Tomorrow is Tuesday, the third of March, twenty twenty-six."],
    ["What day was yesterday?", "Yesterday was Sunday, the first of March, twenty twenty-six."],
    [
      "What day is the day after tomorrow?",
      "The day after tomorrow is Wednesday, the fourth of March, twenty twenty-six.",
    ],
    ["What year is it?", "It is the year twenty twenty-six."],
    ["What month is it?", "It is March."],
    // itself
    ["Who are you?", /Parley/],
    ["What's your name?", /Parley/],
    ["What can you do?", /time|sum/],
    ["Help.", /time|sum/],
    ["Are you a robot?", fallback],
    ["Are you an AI?", fallback],
    ["Which model are you using?", fallback],
    ["How do I connect a language model?", /Ollama/],
    ["How can you help me?", /time|sum/],
    ["Who made you?", /Parley/],
    // small talk
    ["Hello there.", /Hello|Hi/],
    ["Hi!", /Hello|Hi/],
    ["Good morning.", /Hello|Hi/],
    ["How are you?", /well|Fine/i],
    ["Hello, how are you today?", /well|Fine/i],
    ["I'm fine, thanks.", /glad|good/i],
    ["Thank you.", /welcome|pleasure|glad|Not at all/i],
    ["Thanks a lot!", /welcome|pleasure|glad|Not at all/i],
    ["Goodbye.", /bye|see you|next time/i],
    ["Good night.", /bye|see you|next time/i],
    ["Can you hear me?", /hear|here/],
    ["Testing, testing, one two three.", /hear|here/],
    ["Yes.", /\w/],
    ["No.", /all right|okay|fine/i],
    ["Okay.", /\w/],
    ["I'm sorry.", /harm|all right/],
    ["I am bored.", /joke|story/],
    ["What's the weather like?", /weather/],
    ["Tell me a joke.", /\?.*\.|\./],
    ["Tell me something interesting.", /\./],
    ["Flip a coin.", /heads|tails/],
    ["Roll a die.", /one|two|three|four|five|six/],
    // stopping and going on
    ["Stop.", /^(?:Okay|All right|Sure|Fine)/],
    ["Never mind.", /^(?:Okay|All right|Sure|Fine)/],
    ["Wait a second.", /^(?:Okay|All right|Sure|Fine)/],
    ["Go on.", /nothing more/],
    ["What did you say?", "I have not said anything yet."],
    // names
    ["My name is Anna.", /Anna/],
    ["Hi, I'm Peter.", /Peter/],
    ["What's my name?", /not told me/],
    // what it must not take for something else
    ["Who painted the Mona Lisa?", fallback],
    ["Explain quantum entanglement.", /entanglement.*language model|language model/],
    ["What is the capital of France?", fallback],
    ["I have two dogs and three cats.", fallback],
    ["Sometimes I wonder about the ocean.", fallback],
    ["I am not sure about the plus side of this.", fallback],
    ["When was the first time you saw the sea?", fallback],
    ["What time does the bank open?", fallback],
    ["I have all the time in the world.", fallback],
    ["He was five minutes late over there.", fallback],
  ])("%j", (said, expected) => {
    if (typeof expected === "string") expect(say(said)).toBe(expected);
    else expect(say(said)).toMatch(expected);
  });
});

describe("a conversation", () => {
  it("remembers the latest name that the user gave", () => {
    const past = [
      user("My name is Tom."),
      agent("Hello Tom."),
      user("Sorry, my name is Anna."),
      agent("Nice to meet you, Anna."),
    ];
    expect(say("What's my name?", past)).toContain("Anna");
    expect(say("Hello.", past)).toMatch(/Hello|Hi/);
    expect(say("Spell my name.", past)).toBe("Anna is spelled A, N, N, A.");
    expect(say("Goodbye.", past)).not.toContain("Tom");
  });
  it("says its last words again", () => {
    expect(say("Say that again.", [user("Count to two."), agent("One, two.")])).toBe("One, two.");
    expect(say("What did I say?", [user("I like tea"), agent("Fine.")])).toBe("You said: I like tea.");
  });
  it("says the rest of the answer that was cut off, also when that was cut off in turn", () => {
    const asked = user("Tell me a long story.");
    const story = say("Tell me a long story.");
    const heard = story.slice(0, story.indexOf(" ", 120));
    const unheard = story.slice(heard.length).trim();
    const heardLater = unheard.slice(0, 80);
    const rest = say("Go on.", [asked, cutOff(heard, unheard), user("Stop."), agent("Okay.")]);
    expect(`${heard} ${rest}`).toBe(story);
    const past = [asked, cutOff(heard, unheard), user("Continue."), cutOff(heardLater, unheard.slice(80))];
    expect(story.endsWith(say("Please continue.", past))).toBe(true);
    expect(say("Please continue.", past)).toBe(rest.slice(heardLater.length).trim());
  });
  it("says so when nothing of the cut answer is left, and does not pretend when it cannot know the rest", () => {
    expect(say("Go on.", [user("Count to two."), cutOff("One, two.", "")])).toMatch(/That was all/);
    expect(say("Go on.", [user("Who are you?"), cutOff("Words of another brain")])).toMatch(/nothing more/);
    const finished = [user("Count to two."), cutOff("One,", "two."), user("Go on."), agent("two.")];
    expect(say("Go on.", finished)).toMatch(/nothing more/);
  });
  it("does not repeat the same sentence from turn to turn when it has no answer", () => {
    const past: BrainMessage[] = [];
    const answers = [
      "Who painted the Mona Lisa?",
      "And the Last Supper?",
      "What about Sunflowers?",
      "Who wrote Faust?",
    ].map((question) => {
      const words = say(question, past);
      past.push(user(question), agent(words));
      return words;
    });
    expect(new Set(answers.map((words) => words.replace(/\p{L}+(?= |,)/u, ""))).size).toBe(answers.length);
  });
  it("names a word of what was said when it has no answer", () => {
    const answers = Array.from({ length: 20 }, (_, seed) => say("Who wrote the play about Macbeth?", [], seed));
    expect(answers.every((words) => /macbeth/i.test(words))).toBe(true);
    expect(new Set(answers).size).toBeGreaterThan(3);
  });
  it("tells a long story of several sentences", () => {
    const story = say("Tell me a long story.");
    expect(story.split(/[.!?] /).length).toBeGreaterThanOrEqual(6);
    expect(story.split(" ").length).toBeGreaterThanOrEqual(100);
  });
  it("asks again when no words came", () => {
    expect(say("...")).toMatch(/did not hear/);
    expect(say("")).toMatch(/did not hear/);
  });
});

describe("whatever is said", () => {
  const utterance = fc.oneof(
    fc.string({ unit: "binary", maxLength: 80 }),
    fc
      .array(
        fc.constantFrom(
          "what",
          "is",
          "two",
          "times",
          "a",
          "hundred",
          "and",
          "the",
          "spell",
          "count",
          "to",
          "minus",
          "point",
          "percent",
          "of",
          "squared",
          "say",
          "my",
          "name",
          "time",
          "-",
          "3",
          "0",
          "/",
          "over",
          "Ollama",
        ),
        { maxLength: 12 },
      )
      .map((words) => words.join(" ")),
  );
  it("the same history and seed give the same words, and never none", () => {
    fc.assert(
      fc.property(utterance, fc.integer(), (text, seed) => {
        expect(say(text, [], seed)).not.toBe("");
        expect(say(text, [], seed)).toBe(say(text, [], seed));
      }),
    );
  });
  it("its own words have neither digits nor Markdown nor symbols", () => {
    fc.assert(
      fc.property(
        utterance.filter((text) => !/say|repeat/i.test(text)),
        (text) => {
          expect(say(text)).toMatch(/^[\p{L}\p{M} ,.;:!?'’-]+$/u);
        },
      ),
    );
  });
});

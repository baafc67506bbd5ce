import { describe, expect, it } from "vitest";
import { judgeCompleteness } from "./completeness";

describe("[TT30] judgeCompleteness", () => {
  it.each([
    "What time is it?",
    "What is twelve times seven?",
    "What can you do?",
    "How are you today?",
    "Tell me a long story, please.",
    "I had a long day, so please tell me a joke.",
    "Yes.",
    "No",
    "Stop.",
    "Thanks, bye.",
    "Good morning.",
    "Thank you very much.",
    "Can you help me with my homework",
    "Are you a human being?",
    "Please tell me a joke,",
    "What did you find?",
    "Please add four and nine.",
  ])("asked: %s", (text) => {
    expect(judgeCompleteness(text)).toBe("asked");
  });

  it.each([
    "He was not an ill disposed young man.",
    "Unless to be rather cold hearted and rather selfish is to be ill disposed.",
    "If it rains tomorrow, we stay at home.",
    "My number is four two plus nine.",
    "Ten of clubs",
    "The green one on the left looks good to me,",
    "My brother is coming to visit.",
  ])("complete: %s", (text) => {
    expect(judgeCompleteness(text)).toBe("complete");
  });

  it.each([
    "I would like to go to the",
    "I think that is because",
    "We could go there and",
    "So what I wanted to say is, um,",
    "My number is five five two",
    "It is spelled A, B, C,",
    "What is twelve plus",
    "What is twenty?",
    "Please add four.",
    "What is the sum of seven",
    "The code is eight four",
    "My name is spelled J.",
    "The word is spelled t-r.",
  ])("open: %s", (text) => {
    expect(judgeCompleteness(text)).toBe("open");
  });

  it.each([
    "I was talking to my brother, who",
    "Well,",
    "I want to",
    "I would like to know that.",
    "Let me think.",
    "Can you?",
    "When I was young",
    "Can you tell me where it is",
    "If it rains tomorrow,",
    "Can you help me find?",
    "The green one on the left,",
    "In the middle of the night.",
  ])("half-open: %s", (text) => {
    expect(judgeCompleteness(text)).toBe("half-open");
  });

  it.each([
    "",
    "  ",
    "London",
    "Never mind,",
    "My number is five, five, two, one, nine, seven, four.",
    "He was made still more respectable than he was.",
  ])("unclear: %j", (text) => {
    expect(judgeCompleteness(text)).toBe("unclear");
  });
});

import { describe, expect, it } from "vitest";
import { judgeCompleteness } from "./completeness";

describe("[TT30] judgeCompleteness", () => {
  it.each([
    "What time is it?",
    "What is twelve times seven?",
    "What can you do?",
    "How are you today?",
    "Who are you looking for?",
    "What kind of music do you like?",
    "What did you find?",
    "My brother is coming to visit. What day is it?",
    "If you are not too busy, what time is it?",
  ])("question: %s", (text) => {
    expect(judgeCompleteness(text)).toBe("question");
  });

  it.each([
    "Tell me a long story, please.",
    "I had a long day, so please tell me a joke.",
    "Are you a human being?",
    "Please tell me a joke,",
    "Can you tell me a story?",
    "Can you hear me?",
    "Please repeat that,",
    "Could you look that up for me?",
  ])("request: %s", (text) => {
    expect(judgeCompleteness(text)).toBe("request");
  });

  it.each([
    "Tell me another story.",
    "Tell me a story.",
    "Is there a pharmacy?",
    "Please call my brother.",
    "Do you think it?",
    "Can you turn it?",
    "Could you look that?",
    "Can you help me with my homework",
    "Please add four and nine.",
    "Can you tell me where it is",
    "Do you know why the lamp flickers?",
    "My brother is coming to visit, can you tell me what day it is?",
  ])("asked: %s", (text) => {
    expect(judgeCompleteness(text)).toBe("asked");
  });

  it.each(["Yes.", "No", "Stop.", "Thanks, bye.", "Good morning.", "Thank you very much.", "Never mind,", "Not yet."])(
    "short: %s",
    (text) => {
      expect(judgeCompleteness(text)).toBe("short");
    },
  );

  it.each([
    "He was not an ill disposed young man.",
    "Unless to be rather cold hearted and rather selfish is to be ill disposed.",
    "If it rains tomorrow, we stay at home.",
    "My number is four two plus nine.",
    "Ten of clubs",
    "What is this?",
    "What is it?",
    "He was made still more respectable than he was.",
    "This is the house I grew up in.",
    "There is nothing to be afraid of.",
    "Everything I eat tastes of pepper.",
    "She asked me where I was from.",
    "I did not sleep well.",
    "She is getting married in May.",
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
    "If it rains tomorrow,",
    "Can you help me find?",
    "How many legs does a spider?",
    "Do you know if the pool?",
    "The man who sold me the bicycle",
    "The first thing I noticed",
    "What I need is",
    "What are you looking?",
    "Play the next",
    "The green one on the left,",
    "In the middle of the night.",
  ])("half-open: %s", (text) => {
    expect(judgeCompleteness(text)).toBe("half-open");
  });

  it.each(["", "  ", "London", "My number is five, five, two, one, nine, seven, four."])("unclear: %j", (text) => {
    expect(judgeCompleteness(text)).toBe("unclear");
  });
});

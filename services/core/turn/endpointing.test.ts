import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWordEndpointScorer, judgeCompleteness } from "./endpointing";

describe("[TT30] judgeCompleteness", () => {
  it.each([
    "What time is it?",
    "What is twelve times seven?",
    "He was not an ill disposed young man.",
    "Tell me a long story, please.",
    "Yes.",
    "No",
    "Stop.",
    "Thanks, bye.",
    "Can you help me with my homework",
    "Are you a human being?",
    "Unless to be rather cold hearted and rather selfish is to be ill disposed.",
    "If it rains tomorrow, we stay at home.",
    "My number is four two plus nine.",
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
    "If it rains tomorrow,",
  ])("open: %s", (text) => {
    expect(judgeCompleteness(text)).toBe("open");
  });

  it.each([
    "I was talking to my brother, who",
    "Well,",
    "I want to",
    "When I was young",
    "Can you tell me where it is",
  ])("half-open: %s", (text) => {
    expect(judgeCompleteness(text)).toBe("half-open");
  });

  it.each([
    "",
    "  ",
    "London",
    "Ten of clubs",
    "Seven of clubs,",
    "First of all,",
    "Please tell me a joke,",
    "He was made still more respectable than he was.",
  ])("unclear: %j", (text) => {
    expect(judgeCompleteness(text)).toBe("unclear");
  });
});

describe("[TT31] the endpoint delay", () => {
  const delays = { minMs: 280, typicalMs: 450, maxMs: 1_300 };
  const scorer = createWordEndpointScorer(delays);

  it("is short after complete words, long after an open thought", () => {
    expect(scorer.endpointDelayMs({ text: "What time is it?", resumedPausesMs: [] })).toBe(280);
    expect(scorer.endpointDelayMs({ text: "London", resumedPausesMs: [] })).toBe(450);
    expect(scorer.endpointDelayMs({ text: "I went to the", resumedPausesMs: [] })).toBe(1_300);
  });

  it("waits out the pauses of a user who pauses often, after three of them", () => {
    const text = "What time is it?";
    expect(scorer.endpointDelayMs({ text, resumedPausesMs: [400, 400] })).toBe(280);
    expect(scorer.endpointDelayMs({ text, resumedPausesMs: [400, 380, 420] })).toBe(520);
  });

  it("never leaves its bounds, whatever was said", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.integer({ min: 0, max: 10_000 })), (text, resumedPausesMs) => {
        const delayMs = scorer.endpointDelayMs({ text, resumedPausesMs });
        expect(delayMs).toBeGreaterThanOrEqual(delays.minMs);
        expect(delayMs).toBeLessThanOrEqual(delays.maxMs);
      }),
    );
  });
});

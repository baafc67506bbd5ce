import { expect, test } from "vitest";
import { OwnVoice } from "./own-voice";

const words = ["the", "keeper", "counted", "the", "ships"].map((text, i) => ({
  text,
  startSample: i * 14_400,
  endSample: (i + 1) * 14_400,
  textStart: 0,
  textEnd: 0,
}));
const endSample = 5 * 14_400;

/** Speech that begins long after these words, when the speaker is at `endSample`, unless said otherwise. */
function hearing(echoLikelihoods: (number | undefined)[], positionSamples = 2 * endSample): OwnVoice {
  const own = new OwnVoice();
  own.wordsSent(words);
  own.speechStarted(positionSamples);
  for (const likelihood of echoLikelihoods) own.addWindow(likelihood, positionSamples);
  return own;
}

test("[E7] three words just played are the agent's, whatever they sound like", () => {
  expect(hearing([0.1, 0.1]).likelihood("The keeper counted", endSample)).toBeGreaterThan(0.5);
});

test("[E7] two of them are the agent's only if they sound like it", () => {
  expect(hearing([0.4, 0.4]).likelihood("counted the ships", endSample)).toBeGreaterThan(0.9);
  expect(hearing([0.4, 0.4]).likelihood("the ships", endSample)).toBeGreaterThan(0.5);
  expect(hearing([0.1, 0.1]).likelihood("the ships", endSample)).toBeLessThan(0.5);
});

test("[E8] what was said while nothing was played is the user's, even word for word", () => {
  expect(hearing([undefined, undefined]).likelihood("The keeper counted the ships", endSample)).toBe(0);
});

test("[E7] every speech is judged anew", () => {
  const own = hearing([0.4, 0.4]);
  own.speechStarted(2 * endSample);
  own.addWindow(0.1, 2 * endSample);
  expect(own.likelihood("wait a moment", endSample)).toBeLessThan(0.5);
});

test("[E7] a single word is the agent's when it was being played as the speech began", () => {
  const atShips = 4.5 * 14_400;
  expect(hearing([0.1], atShips).likelihood("ships", endSample)).toBe(1);
  expect(hearing([0.1], atShips).likelihood("wait", endSample)).toBeLessThan(0.5);
  expect(hearing([0.1], atShips).likelihood("counted", endSample)).toBeLessThan(0.5);
  expect(hearing([0.1], endSample + 4_801).likelihood("ships", endSample)).toBeLessThan(0.5);
  expect(hearing([undefined], atShips).likelihood("ships", endSample)).toBe(0);
});

import { expect, it } from "vitest";
import { ErrorCodeSchema } from "#contracts/errors";
import { apologyFor } from "./apology";

const brainCodes = ErrorCodeSchema.options.filter((code) => code.startsWith("brain-"));

it("has a sentence of its own for every code with which a brain can fail", () => {
  expect(brainCodes.length).toBeGreaterThanOrEqual(6);
  expect(new Set(brainCodes.map(apologyFor)).size).toBe(brainCodes.length);
});
it.each(ErrorCodeSchema.options)("for %s says something short and speakable", (code) => {
  const words = apologyFor(code);
  expect(words).toMatch(/^Sorry, [A-Za-z ,.]+\.$/);
  expect(words.split(" ").length).toBeLessThanOrEqual(20);
});

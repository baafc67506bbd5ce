import { expect, it } from "vitest";
import { errorRateOf } from "./error-rate";

it("long texts weigh more than short ones", () => {
  const pairs = [
    {
      reference: "one two three four five six seven eight nine",
      heard: "One, two, three, four, five, six, seven, eight, nine.",
    },
    { reference: "ten", heard: "then" },
  ];
  expect(errorRateOf(pairs)).toBeCloseTo(0.1, 10);
});

import { expect, it } from "vitest";
import { scoreGroups, scoreRule, type LabelledSilence } from "./endpointing-score";

const silence = (resumedAfterMs: number | undefined, text: string): LabelledSilence => ({
  group: "open",
  text,
  prosody: undefined,
  resumedAfterMs,
});
const silences = [silence(300, "a"), silence(500, "a"), silence(500, "b"), silence(undefined, "b")];
const rule = ({ text }: { text: string }): number => (text === "a" ? 400 : 600);

it("a pause counts as taken for the end when the delay is over before the user is heard again", () => {
  const measures = Object.values(scoreRule(silences, { name: "rule", rule, isJudged: true }));
  expect(measures[0]).toMatchObject({ value: 0.3333, n: 3, holds: false });
  expect(measures[1]).toMatchObject({ p50: 600, n: 1, holds: false });
});

it("a baseline is shown and not judged", () => {
  for (const measure of Object.values(scoreRule(silences, { name: "fixed", rule: () => 450, isJudged: false })))
    expect(measure.holds).toBeUndefined();
});

it("groups are counted apart", () => {
  const mixed = [...silences, { ...silence(200, "a"), group: "clause" as const }];
  expect(Object.values(scoreGroups(mixed, rule)).map((measure) => measure.n)).toEqual([3, 1]);
});

import { expect, it } from "vitest";
import { labelTurns, loadLabelledTurns, type TurnFile } from "./endpointing-set";

const file: TurnFile = {
  open: ["I went to the | lake.", "We saw a | fox.", "He is in | town."],
  phrase: [],
  clause: [],
  whole: ["Good morning."],
  recorded: [{ file: "a.wav", endMs: 2_000, pausesAtMs: [500, 900] }],
};

it("a text is split at its pause, and has none without the mark", () => {
  const sources = labelTurns(file, 1).map(({ source }) => source);
  expect(sources).toContainEqual(expect.objectContaining({ text: "I went to the lake.", pauseAt: 13 }));
  expect(sources).toContainEqual(expect.objectContaining({ text: "Good morning.", pauseAt: undefined }));
});

it("a recording is heard whole and once for each pause, all in one half", () => {
  const recorded = labelTurns(file, 1).filter(({ group }) => group === "recorded");
  expect(recorded).toHaveLength(3);
  expect(new Set(recorded.map(({ half }) => half)).size).toBe(1);
});

it("halves, voices and pauses are the same for the same seed, and others for another", () => {
  expect(labelTurns(file, 1)).toEqual(labelTurns(file, 1));
  expect(labelTurns(file, 1)).not.toEqual(labelTurns(file, 2));
});

it("the set in the repository has 200 silences and more, and pauses of up to 600 ms", async () => {
  const turns = await loadLabelledTurns(new URL("./endpointing-turns.yaml", import.meta.url));
  const silences = turns.reduce(
    (count, { source }) => count + (source.type === "text" && source.pauseAt !== undefined ? 2 : 1),
    0,
  );
  expect(silences).toBeGreaterThanOrEqual(200);
  expect(Math.max(...turns.map(({ pauseMs }) => pauseMs))).toBeLessThanOrEqual(600);
});

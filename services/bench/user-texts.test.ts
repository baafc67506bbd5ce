import { expect, it } from "vitest";
import type { TalkEvent } from "#contracts/events/talk-event";
import { joinUserTexts } from "./user-texts";

const said = (text: string): TalkEvent => ({ type: "user-transcript-end", atMs: 0, text });
const answered = (reason: "completed" | "interrupted" | "superseded"): TalkEvent => ({
  type: "agent-turn-end",
  atMs: 0,
  turn: 1,
  heardText: "",
  unheardText: "",
  reason,
});

it("joins the turns of a clip that was taken for several", () => {
  expect(joinUserTexts([said("Four,"), answered("interrupted"), said("queen of clubs.")])).toBe(
    "Four, queen of clubs.",
  );
});
it("counts words once that were carried into the next turn", () => {
  expect(joinUserTexts([said("Four,"), answered("superseded"), said("Four, queen of clubs.")])).toBe(
    "Four, queen of clubs.",
  );
});
it("is empty when nothing was understood", () => {
  expect(joinUserTexts([])).toBe("");
});

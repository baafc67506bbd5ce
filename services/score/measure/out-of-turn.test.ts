import { expect, it } from "vitest";
import { judgeOutOfTurn } from "./out-of-turn";
import { traceSpeaker } from "./speaker-trace";
import { synthesizeConversation, userEvent } from "./synthetic-conversation";

it.each([
  [2_400, "responded"],
  [3_400, "responded"],
  [3_520, "stayed-silent"],
] as const)("[SC4] a sound at %i ms after a noise from 1000 to 1500 ms: %s", (atMs, type) => {
  const conversation = synthesizeConversation({
    turns: [{ turn: 1, words: [[0, 1_000]] }],
    playout: [{ atMs, positionMs: 0, forMs: 1_000 }],
    lengthMs: 6_000,
  });
  expect(judgeOutOfTurn(traceSpeaker(conversation), userEvent("noise", 1_000, 1_500)).type).toBe(type);
});

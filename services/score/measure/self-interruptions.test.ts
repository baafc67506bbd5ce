import { expect, it } from "vitest";
import type { UserEvent } from "../user/user-sound";
import { countSelfInterruptions } from "./self-interruptions";
import { traceSpeaker } from "./speaker-trace";
import { synthesizeConversation, userEvent, type SyntheticPlayout } from "./synthetic-conversation";

const TURNS = [
  { turn: 1, words: [[0, 4_000]] },
  { turn: 2, words: [[10_000, 12_000]] },
] as const;
const prompt = userEvent("question", 0, 1_000);
const completed = { turn: 1, atMs: 6_000, reason: "completed", heardText: "" } as const;
const cut = { ...completed, reason: "interrupted" } as const;

function count(
  playout: readonly SyntheticPlayout[],
  options: { end?: typeof completed | typeof cut; user?: UserEvent[] } = {},
) {
  const user = options.user ?? [prompt];
  const conversation = synthesizeConversation({
    turns: TURNS,
    playout,
    lengthMs: 20_000,
    ends: [options.end ?? completed],
    user,
  });
  return countSelfInterruptions({ steps: traceSpeaker(conversation), events: conversation.events }, user);
}

it("[SC20] an undisturbed turn has none, and its length is known", () => {
  expect(count([{ atMs: 1_500, positionMs: 0, forMs: 4_000 }])).toEqual({ stops: 0, answers: 0, agentMs: 4_000 });
});
it("[SC20] a turn that is cut although the user was silent is one", () => {
  expect(count([{ atMs: 1_500, positionMs: 0, forMs: 3_500 }], { end: cut }).stops).toBe(1);
});
it("[SC20] a turn that the user cut is none", () => {
  const user = [prompt, userEvent("interruption", 4_500, 5_200)];
  expect(count([{ atMs: 1_500, positionMs: 0, forMs: 3_500 }], { end: cut, user }).stops).toBe(0);
});
it("[SC20] a turn that is held up for longer than a natural pause is one", () => {
  const heldUp = (pauseMs: number): readonly SyntheticPlayout[] => [
    { atMs: 1_500, positionMs: 0, forMs: 3_000 },
    { atMs: 4_500 + pauseMs, positionMs: 3_000, forMs: 1_000 },
  ];
  expect(count(heldUp(500)).stops).toBe(1);
  expect(count(heldUp(200)).stops).toBe(0);
});
it("[SC21] a turn that nobody asked for is an answer to itself", () => {
  expect(
    count([
      { atMs: 1_500, positionMs: 0, forMs: 4_000 },
      { atMs: 7_000, positionMs: 10_000, forMs: 2_000 },
    ]).answers,
  ).toBe(1);
});

import { expect, it } from "vitest";
import { judgeQuestion } from "./questions";
import { traceSpeaker } from "./speaker-trace";
import { synthesizeConversation, userEvent } from "./synthetic-conversation";

const question = { ...userEvent("question", 1_000, 3_000), pauses: [{ startMs: 1_800, endMs: 2_300 }] };

function answerAt(atMs: number) {
  const conversation = synthesizeConversation({
    turns: [{ turn: 1, words: [[0, 1_000]] }],
    playout: [{ atMs, positionMs: 0, forMs: 1_000 }],
    lengthMs: 12_000,
  });
  return judgeQuestion(traceSpeaker(conversation), question);
}

it("[SC1] first-audio latency: from the end of the user's speech to the first sound at the speaker", () => {
  expect(answerAt(3_440)).toEqual({ type: "answered", latencyMs: 440, turn: 1 });
});
it("[SC1] silence at the head of the answer counts as waiting", () => {
  const conversation = synthesizeConversation({
    turns: [{ turn: 1, words: [[200, 1_000]] }],
    playout: [{ atMs: 3_400, positionMs: 0, forMs: 1_000 }],
    lengthMs: 6_000,
  });
  expect(judgeQuestion(traceSpeaker(conversation), question)).toEqual({ type: "answered", latencyMs: 600, turn: 1 });
});
it("[SC2] an agent that is heard before the user has finished has cut the user off", () => {
  expect(answerAt(2_100)).toEqual({ type: "cut-off", afterMs: 1_100 });
});
it("[SC3] what has not begun after 5 s does not come", () => {
  expect(answerAt(8_020).type).toBe("unanswered");
});

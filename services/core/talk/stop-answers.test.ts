import { expect, test } from "vitest";
import type { TalkEvent } from "#contracts/events/talk-event";
import { FakeClock } from "#testing/fake-clock";
import { AnswerStopper } from "./stop-answers";

const start: TalkEvent = { atMs: 0, type: "agent-playout-start", positionSamples: 0 };
const end: TalkEvent = { atMs: 0, type: "agent-playout-end", positionSamples: 0 };

test("stops each answer once it has been heard for so long, and none that ended before", () => {
  const clock = new FakeClock();
  let stopCount = 0;
  const stopper = new AnswerStopper({ clock, afterMs: 1_500, stop: () => void stopCount++ });
  stopper.noteEvent(start);
  clock.advanceMs(1_499);
  expect(stopCount).toBe(0);
  clock.advanceMs(1);
  expect(stopCount).toBe(1);
  stopper.noteEvent(end);
  stopper.noteEvent(start);
  clock.advanceMs(500);
  stopper.noteEvent(end);
  clock.advanceMs(5_000);
  expect(stopCount).toBe(1);
  stopper.noteEvent(start);
  stopper.dispose();
  clock.advanceMs(5_000);
  expect(stopCount).toBe(1);
});

import { expect, it } from "vitest";
import { describeBrainContract } from "./brain.contract";
import { FakeClock } from "./fake-clock";
import { createScriptedBrain } from "./scripted-brain";

describeBrainContract("scripted", () => {
  const clock = new FakeClock();
  return Promise.resolve({
    brain: createScriptedBrain({ clock }),
    failing: {
      brain: createScriptedBrain({ clock, answers: [[{ delta: "Well" }, { fail: "brain-failed" }]] }),
      code: "brain-failed",
      deltaCount: 1,
    },
    isIdle: () => Promise.resolve(clock.pendingCount === 0),
    close: () => Promise.resolve(),
  });
});

it("waits on the clock before a step, and is cancelled while it waits", async () => {
  const clock = new FakeClock();
  const abort = new AbortController();
  const brain = createScriptedBrain({ clock, answers: [[{ delayMs: 100, delta: "Now" }]] });
  const request = { history: [], sessionId: "session-1", signal: abort.signal };
  const first = brain.respond(request)[Symbol.asyncIterator]().next();
  clock.advanceMs(100);
  await expect(first).resolves.toEqual({ done: false, value: "Now" });
  const second = brain.respond(request)[Symbol.asyncIterator]().next();
  abort.abort();
  await expect(second).rejects.toMatchObject({ code: "cancelled" });
  expect(clock.pendingCount).toBe(0);
  expect(brain.requests).toHaveLength(2);
});

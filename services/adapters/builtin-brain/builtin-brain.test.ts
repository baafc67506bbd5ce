import { expect, it } from "vitest";
import type { BrainRequest } from "#core/ports/brain";
import { describeBrainContract } from "#testing/brain.contract";
import { FakeClock } from "#testing/fake-clock";
import { createBuiltinBrain } from "./builtin-brain";

describeBrainContract("built-in", () => {
  const clock = new FakeClock();
  return Promise.resolve({
    brain: createBuiltinBrain({ clock }),
    isIdle: () => Promise.resolve(clock.pendingCount === 0),
    close: () => Promise.resolve(),
  });
});

const request = (signal = new AbortController().signal): BrainRequest => ({
  history: [{ role: "user", text: "What's twelve times seven?" }],
  sessionId: "session-1",
  signal,
});

it("is plainly labelled as no language model", () => {
  expect(createBuiltinBrain({ clock: new FakeClock() }).info).toEqual({
    kind: "builtin",
    label: "Built-in responder (no language model)",
  });
});
it("streams words with the space before them, the first after its delay, the others at the rate", async () => {
  const clock = new FakeClock();
  const startMs = clock.nowMs();
  const brain = createBuiltinBrain({ clock, timing: { firstTokenDelayMs: 400, tokensPerSecond: 20 } });
  const tokens: { token: string; atMs: number }[] = [];
  const reading = (async () => {
    for await (const token of brain.respond(request())) tokens.push({ token, atMs: clock.nowMs() - startMs });
  })();
  for (let step = 0; step < 20; step++) {
    clock.advanceMs(50);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await reading;
  expect(tokens).toEqual([
    { token: "Twelve", atMs: 400 },
    { token: " times", atMs: 450 },
    { token: " seven", atMs: 500 },
    { token: " is", atMs: 550 },
    { token: " eighty-four.", atMs: 600 },
  ]);
});
it("is cancelled while it waits for its next token", async () => {
  const clock = new FakeClock();
  const abort = new AbortController();
  const iterator = createBuiltinBrain({ clock, timing: { tokensPerSecond: 1 } })
    .respond(request(abort.signal))
    [Symbol.asyncIterator]();
  await iterator.next();
  const second = iterator.next();
  abort.abort();
  await expect(second).rejects.toMatchObject({ code: "cancelled" });
  expect(clock.pendingCount).toBe(0);
});

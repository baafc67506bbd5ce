import { expect, it } from "vitest";
import { FakeClock } from "#testing/fake-clock";
import { sleep } from "./sleep";

it("resolves when the time has passed on the clock, not before", async () => {
  const clock = new FakeClock();
  let isOver = false;
  const sleeping = sleep(clock, 50, new AbortController().signal).then(() => (isOver = true));
  clock.advanceMs(49);
  await Promise.resolve();
  expect(isOver).toBe(false);
  clock.advanceMs(1);
  await sleeping;
  expect(isOver).toBe(true);
});
it("is cancelled by its signal and leaves no timer", async () => {
  const clock = new FakeClock();
  const abort = new AbortController();
  const sleeping = sleep(clock, 50, abort.signal);
  abort.abort();
  await expect(sleeping).rejects.toMatchObject({ code: "cancelled" });
  await expect(sleep(clock, 50, abort.signal)).rejects.toMatchObject({ code: "cancelled" });
  expect(clock.pendingCount).toBe(0);
});

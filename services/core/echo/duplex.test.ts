import fc from "fast-check";
import { expect, test } from "vitest";
import { FULL_DUPLEX, reduceDuplex, type DuplexEvent, type DuplexState } from "./duplex";

const WINDOW_MS = 32;

function hear(state: DuplexState, leftDb: number, durationMs: number): DuplexState {
  let next = state;
  for (let ms = 0; ms < durationMs; ms += WINDOW_MS)
    next = reduceDuplex(next, { type: "echo-heard", leftDb, windowMs: WINDOW_MS });
  return next;
}
const slip = (state: DuplexState): DuplexState => reduceDuplex(state, { type: "echo-slipped" });

test("[E10] a strong echo for three seconds of the agent's speech makes it quieter, five more half duplex", () => {
  expect(hear(FULL_DUPLEX, -8, 2_900).mode).toBe("full");
  const ducking = hear(FULL_DUPLEX, -8, 3_100);
  expect(ducking.mode).toBe("ducking");
  expect(hear(ducking, -8, 4_800).mode).toBe("ducking");
  expect(hear(ducking, -8, 5_100).mode).toBe("half");
});

test("[E10] the two seconds in which the room is learned change nothing", () => {
  expect(hear(hear(FULL_DUPLEX, -5, 2_000), -30, 60_000).mode).toBe("full");
});

test("[E11] one slip makes it quieter, two more half duplex", () => {
  const ducking = slip(FULL_DUPLEX);
  expect(ducking.mode).toBe("ducking");
  expect(slip(hear(ducking, -15, 1_000)).mode).toBe("half");
});

test("[E11] slips that are far apart do not add up", () => {
  const ducking = slip(FULL_DUPLEX);
  expect(slip(hear(ducking, -15, 21_000)).mode).toBe("ducking");
});

test("[E12] headphones bring it back, one step for each four seconds of the agent's speech", () => {
  const half = hear(FULL_DUPLEX, -8, 9_000);
  expect(half.mode).toBe("half");
  const ducking = hear(half, -40, 4_100);
  expect(ducking.mode).toBe("ducking");
  expect(hear(ducking, -40, 4_100).mode).toBe("full");
});

test("[E12] a slip keeps it where it is for 20 s", () => {
  const ducking = slip(FULL_DUPLEX);
  expect(hear(ducking, -40, 15_000).mode).toBe("ducking");
  expect(hear(ducking, -40, 21_000).mode).toBe("full");
});

test("[E13] between the two bounds nothing changes, and it never leaves half duplex downwards", () => {
  const half = hear(FULL_DUPLEX, -8, 9_000);
  expect(hear(half, -15, 60_000).mode).toBe("half");
  expect(slip(slip(slip(half))).mode).toBe("half");
  expect(hear(FULL_DUPLEX, -15, 60_000).mode).toBe("full");
});

test("whatever happens, the mode moves by one step at a time", () => {
  const event: fc.Arbitrary<DuplexEvent> = fc.oneof(
    fc.record({
      type: fc.constant("echo-heard" as const),
      leftDb: fc.double({ min: -60, max: 5, noNaN: true }),
      windowMs: fc.constant(500),
    }),
    fc.constant({ type: "echo-slipped" as const }),
  );
  const steps = ["full", "ducking", "half"];
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200 }), (events) => {
      let state = FULL_DUPLEX;
      for (const each of events) {
        const next = reduceDuplex(state, each);
        expect(Math.abs(steps.indexOf(next.mode) - steps.indexOf(state.mode))).toBeLessThanOrEqual(1);
        state = next;
      }
    }),
  );
});

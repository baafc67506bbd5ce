import { expect, test } from "vitest";
import { MicTimeline } from "./mic-timeline";

const RATE_HZ = 16_000;
const FRAME = 320;
const frame = (index: number) => ({ sampleIndex: index * FRAME, sampleCount: FRAME });

test("the first frame ends when it came", () => {
  expect(new MicTimeline(RATE_HZ).place(frame(7), 100)).toBe(1600 - FRAME);
});

test("frames that come late and in a burst stay where they were said", () => {
  const mic = new MicTimeline(RATE_HZ);
  mic.place(frame(0), 20);
  expect([1, 2, 3].map((index) => mic.place(frame(index), 500))).toEqual([320, 640, 960]);
});

test("what was never sent is a gap", () => {
  const mic = new MicTimeline(RATE_HZ);
  mic.place(frame(0), 20);
  expect(mic.place(frame(10), 220)).toBe(3200);
});

test("a client that counts anew goes on where it is now", () => {
  const mic = new MicTimeline(RATE_HZ);
  mic.place(frame(50), 20);
  expect(mic.place(frame(0), 1_000)).toBe(16_000 - FRAME);
  expect(mic.place(frame(1), 1_020)).toBe(16_000);
});

test("a client that counts far ahead of the time is put where it is now", () => {
  const mic = new MicTimeline(RATE_HZ);
  mic.place(frame(0), 20);
  expect(mic.place(frame(1_000_000), 40)).toBe(320);
});

test("a frame that comes twice is left out", () => {
  const mic = new MicTimeline(RATE_HZ);
  mic.place(frame(0), 20);
  expect(mic.place(frame(0), 21)).toBeUndefined();
});

import { expect, it } from "vitest";
import { PlayoutTracker } from "./playout-tracker";

function send(tracker: PlayoutTracker, count: number, nowMs: number): void {
  for (let i = 0; i < count; i++) tracker.frameSent(960, nowMs);
}

it("frames follow each other on one sample clock", () => {
  const tracker = new PlayoutTracker();
  expect([tracker.frameSent(960, 0), tracker.frameSent(960, 5)]).toEqual([0, 960]);
  expect(tracker.sentEndSample).toBe(1_920);
});

it("carries a report on in real time, at most 150 ms, and never beyond what was sent", () => {
  const tracker = new PlayoutTracker();
  send(tracker, 50, 0);
  tracker.report(4_800, 200);
  expect(tracker.positionSamples(250)).toBe(4_800 + 50 * 48);
  expect(tracker.positionSamples(900)).toBe(4_800 + 150 * 48);
  tracker.report(47_900, 1_100);
  expect(tracker.positionSamples(1_200)).toBe(48_000);
});

it("a report beyond what was sent or backwards is not believed", () => {
  const tracker = new PlayoutTracker();
  send(tracker, 10, 0);
  tracker.report(1_000_000, 100);
  expect(tracker.positionSamples(100)).toBe(9_600);
  tracker.report(5, 110);
  expect(tracker.positionSamples(110)).toBe(9_600);
});

it("[TT25] a client that never reports is taken to play in real time after one second", () => {
  const tracker = new PlayoutTracker();
  send(tracker, 100, 0);
  expect(tracker.positionSamples(900)).toBe(0);
  expect(tracker.positionSamples(1_500)).toBe(1_500 * 48);
  expect(tracker.positionSamples(60_000)).toBe(96_000);
});

it("[TT25] a client that falls silent after some reports is taken to play on", () => {
  const tracker = new PlayoutTracker();
  send(tracker, 200, 0);
  tracker.report(4_800, 150);
  expect(tracker.positionSamples(3_000)).toBe(3_000 * 48);
});

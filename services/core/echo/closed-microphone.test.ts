import { describe, expect, it } from "vitest";
import { createSeededRandom } from "../random/seeded-random";
import { ClosedMicrophone } from "./closed-microphone";

const WINDOW_SAMPLES = 512;
const silence = new Float32Array(WINDOW_SAMPLES);
const random = createSeededRandom(1, "closed microphone");
/** The least that 16 bits can say: one step, now and then. */
const quietest = (): Float32Array => Float32Array.from(silence, () => Math.round(random()) / 32_768);

describe("[E15] a closed microphone", () => {
  it.each([
    ["digital silence", silence],
    ["a constant", silence.map(() => 0.25)],
  ])("is told from an open one by %s, which the quietest room is not", (_, nothing) => {
    const microphone = new ClosedMicrophone();
    const windows = [quietest(), quietest(), nothing, nothing, nothing];
    expect(windows.map((samples) => microphone.observe(samples))).toEqual([false, false, true, true, true]);
  });

  it("is closed in the window in which it closes, and in the one in which it opens", () => {
    const microphone = new ClosedMicrophone();
    const partly = ({ from, to }: { from: number; to: number }): Float32Array => quietest().fill(0, from, to);
    const windows = [quietest(), partly({ from: 300, to: 512 }), silence, partly({ from: 0, to: 100 }), quietest()];
    expect(windows.map((samples) => microphone.observe(samples))).toEqual([false, true, true, true, false]);
  });

  it("is open although a word begins after a moment of silence", () => {
    const microphone = new ClosedMicrophone();
    expect([quietest().fill(0, 100, 300), quietest()].map((samples) => microphone.observe(samples))).toEqual([
      false,
      false,
    ]);
  });
});

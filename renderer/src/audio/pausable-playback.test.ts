import { describe, expect, test } from "vitest";
import { PausablePlayback } from "./pausable-playback";

const RATE_HZ = 48_000;
const BLOCK = 128;
const FADE = 240;

/** The agent says the numbers of its samples, so that what is heard tells where it comes from. */
function setUp(options: { samples?: number; startSample?: number } = {}) {
  const playback = new PausablePlayback({ sampleRateHz: RATE_HZ });
  const startSample = options.startSample ?? 0;
  say(playback, startSample, options.samples ?? RATE_HZ);
  return playback;
}

function say(playback: PausablePlayback, sampleIndex: number, count: number) {
  const samples = Float32Array.from({ length: count }, (_, i) => numberToSample(sampleIndex + i));
  playback.push({ sampleIndex, samples, isLast: true });
}
const numberToSample = (n: number) => (n + 1) / 2 ** 20;
const sampleToNumber = (sample: number) => Math.round(sample * 2 ** 20) - 1;

function pull(playback: PausablePlayback, blocks: number): number[] {
  const heard: number[] = [];
  for (let i = 0; i < blocks; i++) {
    const out = new Float32Array(BLOCK);
    playback.pullInto(out);
    heard.push(...out);
  }
  return heard;
}
const loud = (heard: number[]) => heard.filter((sample) => sample !== 0).map(sampleToNumber);

describe("a pause", () => {
  test("is silent, keeps the position, and goes on at the sample after the last one heard", () => {
    const playback = setUp();
    const before = loud(pull(playback, 100));
    playback.pause(0);
    pull(playback, 2);
    const halted = playback.report.positionSamples;
    expect(loud(pull(playback, 200))).toEqual([]);
    expect(playback.report).toMatchObject({ positionSamples: halted, isPlaying: true, silentSamples: 200 * BLOCK });
    playback.resume();
    const after = loud(pull(playback, 20).slice(FADE));
    expect(before.at(-1)).toBe(halted - 1);
    expect(after[0]).toBe(halted + FADE);
    expect(after.at(-1)).toBe(halted + 20 * BLOCK - 1);
  });

  test("plays again what nobody has heard, and the position goes back by as much", () => {
    const playback = setUp();
    pull(playback, 100);
    const lastHeard = 100 * BLOCK;
    playback.pause(4800);
    pull(playback, 50);
    expect(playback.report.positionSamples).toBe(lastHeard - 4800);
    playback.resume();
    const again = loud(pull(playback, 60).slice(FADE));
    expect(again).toEqual(Array.from(again, (_, i) => lastHeard - 4800 + FADE + i));
    expect(playback.report.positionSamples).toBe(lastHeard - 4800 + 60 * BLOCK);
  });

  test("plays nothing again of an earlier turn", () => {
    const playback = setUp({ samples: 9600 });
    pull(playback, 100);
    say(playback, 20_000, RATE_HZ);
    pull(playback, 10);
    playback.pause(4800);
    pull(playback, 3);
    expect(playback.report.positionSamples).toBeGreaterThanOrEqual(20_000);
  });

  test("after a turn that was heard to its end plays nothing again", () => {
    const playback = setUp({ samples: 9600 });
    pull(playback, 200);
    playback.pause(4800);
    playback.resume();
    expect(loud(pull(playback, 50))).toEqual([]);
    expect(playback.report.positionSamples).toBe(9600);
  });

  test("a second loss rewinds once more, from where it had come", () => {
    const playback = setUp();
    pull(playback, 100);
    playback.pause(4800);
    pull(playback, 3);
    playback.resume();
    pull(playback, 10);
    const again = playback.report.positionSamples;
    playback.pause(1000);
    pull(playback, 3);
    expect(playback.report.positionSamples).toBe(again - 1000);
  });

  test("ended before its fade was over loses nothing either", () => {
    const playback = setUp();
    pull(playback, 100);
    playback.pause(0);
    const fading = loud(pull(playback, 1)).length;
    playback.resume();
    pull(playback, 3);
    expect(fading).toBe(BLOCK);
    expect(playback.report.positionSamples).toBe(103 * BLOCK);
  });

  test("holds more than a minute of an answer that goes on meanwhile", () => {
    const playback = setUp();
    pull(playback, 10);
    playback.pause(0);
    pull(playback, 3);
    for (let second = 1; second < 70; second++) say(playback, second * RATE_HZ, RATE_HZ);
    expect(playback.report).toMatchObject({ droppedFrameCount: 0 });
    expect(playback.report.bufferedMs).toBeGreaterThan(69_000);
  });

  test("with the answer flushed in it, nothing of it is heard afterwards", () => {
    const playback = setUp();
    pull(playback, 100);
    playback.pause(4800);
    pull(playback, 50);
    playback.flushFrom(playback.report.positionSamples);
    playback.resume();
    expect(loud(pull(playback, 100))).toEqual([]);
    expect(playback.report.isPlaying).toBe(false);
    say(playback, 60_000, 9600);
    expect(loud(pull(playback, 40))[0]).toBe(60_000);
  });
});

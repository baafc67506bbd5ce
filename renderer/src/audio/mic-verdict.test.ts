import { expect, test } from "vitest";
import { judgeRecording } from "./mic-verdict";

const SAMPLE_RATE_HZ = 48_000;

/** Five seconds in which somebody speaks a fifth of the time at `peak`, 0 to 32767, over a hiss of 2. */
function speech(peak: number): Int16Array {
  return Int16Array.from({ length: 5 * SAMPLE_RATE_HZ }, (_, i) => {
    const isSpeaking = (i / SAMPLE_RATE_HZ) % 1 < 0.2;
    const sample = isSpeaking ? peak * Math.sin(i / 20) : i % 2 === 0 ? 2 : -2;
    return Math.max(-32_768, Math.min(32_767, Math.round(sample)));
  });
}
const judge = (pcm: Int16Array, isZero = false) =>
  judgeRecording({ pcm, sampleRateHz: SAMPLE_RATE_HZ, isZero }).verdict;

test.each([
  ["fine", 6_000],
  ["fine", 600],
  ["quiet", 150],
  ["clipped", 60_000],
] as const)("%s: a voice with peaks of %d", (verdict, peak) => {
  expect(judge(speech(peak))).toBe(verdict);
});

test("only zeros are a microphone that is switched off; a room in which nobody speaks is merely quiet", () => {
  expect(judge(new Int16Array(SAMPLE_RATE_HZ), true)).toBe("silent");
  expect(judge(new Int16Array(SAMPLE_RATE_HZ), false)).toBe("quiet");
  expect(judge(new Int16Array(0))).toBe("silent");
});

test("a single cut-off peak is no distortion", () => {
  const pcm = speech(6_000);
  pcm[100] = 32_767;
  expect(judge(pcm)).toBe("fine");
});

test("every verdict says what it is and what to do", () => {
  for (const pcm of [speech(6_000), speech(100), speech(60_000), new Int16Array(0)]) {
    const { words, action } = judgeRecording({ pcm, sampleRateHz: SAMPLE_RATE_HZ, isZero: false });
    expect(words).toMatch(/\.$/);
    expect(action).toMatch(/\.$/);
  }
});

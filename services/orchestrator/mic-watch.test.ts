import { expect, test } from "vitest";
import { loadSpeechClip } from "#testing/speech-fixtures";
import { MicWatch } from "./mic-watch";

const speech = loadSpeechClip("0870").pcm;

function listen(pcm: Int16Array, { isSpeech } = { isSpeech: true }): string[] {
  const told: string[] = [];
  const watch = new MicWatch(({ code, isOver, words }) => {
    expect(words).not.toBe("");
    told.push(isOver ? `${code} over` : code);
  });
  watch.setUserSpeaking(isSpeech);
  for (let at = 0; at + 320 <= pcm.length; at += 320) watch.hear(pcm.subarray(at, at + 320));
  return told;
}

const amplified = (gain: number): Int16Array =>
  speech.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * gain))));
const seconds = (count: number, level: number): Int16Array => new Int16Array(count * 16_000).fill(level);

test("nothing is said of a microphone that is as it should be", () => {
  expect(listen(amplified(1))).toEqual([]);
});

test("only zeros, and only a constant, are told once", () => {
  expect(listen(seconds(10, 0), { isSpeech: false })).toEqual(["mic-silent"]);
  expect(listen(seconds(10, 900), { isSpeech: false })).toEqual(["mic-silent"]);
  const dithered = seconds(10, 900).map((level, index) => level + (index % 3) - 1);
  expect(listen(dithered, { isSpeech: false })).toEqual(["mic-silent"]);
});

test("a clipped voice is told", () => {
  expect(listen(amplified(20))).toContain("mic-clipped");
});

test("a voice 20 dB too quiet is told, one of 8 dB is not", () => {
  expect(listen(amplified(0.1))).toContain("mic-quiet");
  expect(listen(amplified(0.4))).toEqual([]);
});

test("a voice that hardly comes through is told, and taken back when it is louder", () => {
  const quiet = amplified(0.01);
  expect(listen(quiet)).toEqual(["mic-quiet"]);
  const mended = new Int16Array(quiet.length + speech.length);
  mended.set(quiet);
  mended.set(speech, quiet.length);
  expect(listen(mended)).toEqual(["mic-quiet", "mic-quiet over"]);
});

import { expect, test } from "vitest";
import { MicHealth } from "./mic-health";

function setUp() {
  const log: string[] = [];
  const health = new MicHealth({
    onNotice: (code) => void log.push(code),
    onNoticeOver: (code) => void log.push(`${code} over`),
  });
  const hear = (durationMs: number, level: number) => {
    for (let ms = 0; ms < durationMs; ms += 20) {
      const pcm = Int16Array.from({ length: 960 }, (_, i) =>
        Math.max(-32_768, Math.min(32_767, level * Math.sin(i / 9))),
      );
      health.hear(pcm, level === 0);
    }
  };
  return { health, hear, log };
}

test("three seconds of nothing but zeros are told once, and no longer when sound comes", () => {
  const { hear, log } = setUp();
  hear(2_980, 0);
  expect(log).toEqual([]);
  hear(5_000, 0);
  expect(log).toEqual(["mic-silent"]);
  hear(20, 3);
  expect(log).toEqual(["mic-silent", "mic-silent over"]);
});

test("a quiet room is no silent microphone", () => {
  const { hear, log } = setUp();
  hear(20_000, 0.4);
  expect(log).toEqual([]);
});

test("zeros while muted are what was asked for", () => {
  const { health, hear, log } = setUp();
  health.setMuted(true);
  hear(10_000, 0);
  health.setMuted(false);
  hear(2_000, 0);
  expect(log).toEqual([]);
});

test("two seconds of distorted voice are told once; a loud clean one is not", () => {
  const { hear, log } = setUp();
  hear(4_000, 25_000);
  expect(log).toEqual([]);
  hear(8_000, 60_000);
  expect(log).toEqual(["mic-clipped"]);
});

test("speech that hardly comes through is told; silence between the sentences is not", () => {
  const { health, hear, log } = setUp();
  hear(10_000, 100);
  health.setUserSpeaking(true);
  hear(1_500, 800);
  hear(1_500, 100);
  expect(log).toEqual([]);
  hear(1_000, 100);
  expect(log).toEqual(["mic-quiet"]);
});

test("with another microphone everything begins anew", () => {
  const { health, hear, log } = setUp();
  hear(3_000, 0);
  health.reset();
  expect(log).toEqual(["mic-silent", "mic-silent over"]);
  hear(3_000, 0);
  expect(log).toHaveLength(3);
});

test("what was told is taken back when it is mended", () => {
  const { health, hear, log } = setUp();
  hear(2_000, 60_000);
  hear(2_000, 20_000);
  expect(log).toEqual(["mic-clipped", "mic-clipped over"]);
  health.setUserSpeaking(true);
  hear(2_000, 100);
  hear(2_000, 800);
  expect(log.slice(2)).toEqual(["mic-quiet", "mic-quiet over"]);
});

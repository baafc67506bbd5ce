import { expect, test } from "vitest";
import { SpeakerTimeline, type Played } from "./speaker-timeline";

/** 20 ms at 48 kHz, all of one value, so that each sample says which frame it is of. */
const FRAME = 960;
const frame = (value: number, sampleIndex: number) => ({ sampleIndex, pcm: new Int16Array(FRAME).fill(value) });

function heard(played: Played): { values: number[]; from: number | undefined; samples: number } {
  return {
    values: [...new Set(played.sounds.flatMap(({ pcm }) => [...pcm]))],
    from: played.sounds[0]?.startSample,
    samples: played.sounds.reduce((sum, { pcm }) => sum + pcm.length, 0),
  };
}

function sent(count: number): SpeakerTimeline {
  const speaker = new SpeakerTimeline();
  for (let i = 0; i < count; i++) speaker.frameSent(frame(i + 1, i * FRAME));
  return speaker;
}

test("what a report tells was played ended when the report came", () => {
  const played = sent(5).played(2.5 * FRAME, 1_050);
  expect(heard(played)).toEqual({ values: [1, 2, 3], from: 48_000, samples: 2.5 * FRAME });
  expect(played.start).toEqual({ atMs: 1_000, positionSamples: 0 });
});

test("reports that come early or late leave no gap in a turn", () => {
  const speaker = sent(20);
  speaker.played(5 * FRAME, 1_100);
  expect(heard(speaker.played(10 * FRAME, 1_270)).from).toBe(48_000 + 5 * FRAME);
  const third = speaker.played(15 * FRAME, 1_290);
  expect(heard(third)).toEqual({ values: [11, 12, 13, 14, 15], from: 48_000 + 10 * FRAME, samples: 5 * FRAME });
  expect(third.start).toBeUndefined();
});

test("between two turns there is silence", () => {
  const speaker = sent(10);
  speaker.played(5 * FRAME, 1_100);
  expect(speaker.playedUntilMs).toBe(1_100);
  const next = speaker.played(6 * FRAME, 3_020);
  expect(heard(next).from).toBe(3 * 48_000);
  expect(next.start).toEqual({ atMs: 3_000, positionSamples: 5 * FRAME });
});

test("what was flushed is not heard, and what had left by then is", () => {
  const speaker = sent(10);
  speaker.played(3 * FRAME, 1_060);
  speaker.flushed();
  expect(heard(speaker.played(4 * FRAME, 1_080)).values).toEqual([4]);
  speaker.frameSent(frame(99, 10 * FRAME));
  expect(heard(speaker.played(11 * FRAME, 2_020))).toEqual({ values: [99], from: 96_000, samples: FRAME });
});

test("a word that another worker says again takes the place of the first", () => {
  const speaker = sent(4);
  speaker.flushed();
  speaker.frameSent(frame(50, 2 * FRAME));
  speaker.frameSent(frame(51, 3 * FRAME));
  speaker.frameSent(frame(52, 4 * FRAME));
  expect(heard(speaker.played(5 * FRAME, 1_100)).values).toEqual([1, 2, 50, 51, 52]);
});

test("a position that goes back or beyond what was sent changes nothing", () => {
  const speaker = sent(2);
  speaker.played(2 * FRAME, 1_000);
  expect(speaker.played(FRAME, 1_020).sounds).toEqual([]);
  expect(speaker.played(100 * FRAME, 1_040).sounds).toEqual([]);
  speaker.frameSent(frame(3, 2 * FRAME));
  expect(heard(speaker.played(3 * FRAME, 1_060)).values).toEqual([3]);
});

test("at the very start nothing is placed before the recording began", () => {
  expect(heard(sent(5).played(5 * FRAME, 10)).from).toBe(0);
});

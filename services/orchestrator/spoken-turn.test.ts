import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VoiceWord } from "#core/ports/voice-link";
import { PlayoutTracker } from "#core/turn/playout-tracker";
import { SpokenTurn } from "./spoken-turn";

const FRAME_SAMPLES = 960;
const FRAME_MS = 20;
/** The client plays this much later than it got the first frame. */
const CLIENT_DELAY_MS = 60;

/** Words of different length with pauses between some of them. */
const wordLengthsFrames = fc.array(fc.tuple(fc.integer({ min: 4, max: 40 }), fc.integer({ min: 0, max: 20 })), {
  minLength: 3,
  maxLength: 25,
});

interface Scene {
  lengths: [number, number][];
  /** How far the voice is sent ahead, frames. */
  leadFrames: number;
  reportEveryMs: number;
  reportDelaysMs: number[];
  /** At which of the client's steps it is silenced and goes on. */
  holds: { atFrame: number; forFrames: number; maskedMs: number }[];
  cutFrame: number;
}

const scenes: fc.Arbitrary<Scene> = fc.record({
  lengths: wordLengthsFrames,
  leadFrames: fc.integer({ min: 3, max: 30 }),
  reportEveryMs: fc.constantFrom(20, 40, 60, 100),
  reportDelaysMs: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
  holds: fc.array(
    fc.record({
      atFrame: fc.integer({ min: 5, max: 400 }),
      forFrames: fc.integer({ min: 4, max: 25 }),
      maskedMs: fc.integer({ min: 0, max: 1_500 }),
    }),
    { maxLength: 3 },
  ),
  cutFrame: fc.integer({ min: 1, max: 600 }),
});

function layOut(lengths: Scene["lengths"]): { text: string; words: VoiceWord[]; frames: number } {
  const words: VoiceWord[] = [];
  let frame = 0;
  let text = "";
  for (const [index, [length, pause]] of lengths.entries()) {
    const name = `w${index}`;
    const start = frame * FRAME_SAMPLES;
    words.push({
      text: name,
      startSamples: start,
      endSamples: start + length * FRAME_SAMPLES,
      textStart: text.length,
      textEnd: text.length + name.length,
    });
    text += `${name} `;
    frame += length + pause;
  }
  return { text, words, frames: frame };
}

/**
 * Plays a turn to a client with a queue of its own, which reports late and not often, silences it, goes on, and cuts it.
 * Returns how many words the client really played to their end, and how many the turn says were heard.
 */
function playScene(scene: Scene): { played: number; heard: number } {
  const { text, words, frames } = layOut(scene.lengths);
  const spoken = new SpokenTurn(1);
  const tracker = new PlayoutTracker();
  spoken.addText(text);
  /** What the client has queued: session sample and place in the turn. */
  let queue: { sampleIndex: number; turnFrame: number }[] = [];
  const reports: { atMs: number; positionSamples: number }[] = [];
  const playedFrames = new Set<number>();
  let received = 0;
  let heldUntil = -1;
  let masked = 0;
  let position = 0;
  const send = (sampleIndex: number, turnFrame: number): void => void queue.push({ sampleIndex, turnFrame });
  for (let step = 0; step <= scene.cutFrame; step++) {
    const nowMs = step * FRAME_MS;
    while (received < frames && received < step + scene.leadFrames) {
      const starting = words.filter((word) => word.startSamples === received * FRAME_SAMPLES);
      const frame = { pcm: new Int16Array(FRAME_SAMPLES), words: starting, isFinal: received === frames - 1 };
      if (spoken.isHeld) spoken.addHeldFrame(frame);
      else {
        const sampleIndex = tracker.frameSent(FRAME_SAMPLES, nowMs);
        spoken.addFrame(frame, sampleIndex);
        send(sampleIndex, received);
      }
      received++;
      if (received === frames) spoken.complete();
    }
    while (reports[0] !== undefined && reports[0].atMs <= nowMs)
      tracker.report(reports.shift()?.positionSamples ?? 0, nowMs);
    const hold = scene.holds.find(({ atFrame }) => atFrame === step);
    if (hold !== undefined && !spoken.isHeld && position > 0) {
      spoken.hold();
      tracker.halt(nowMs);
      queue = [];
      heldUntil = step + hold.forFrames;
      masked = hold.maskedMs;
    }
    if (spoken.isHeld && step >= heldUntil) {
      const replay = spoken.resume({
        positionSamples: tracker.positionSamples(nowMs),
        nextSample: tracker.sentEndSample,
        maskedSamples: masked * 48,
      });
      const first = received - replay.frames.length;
      for (const [index, { sampleIndex, pcm }] of replay.frames.entries()) {
        expect(tracker.frameSent(pcm.length, nowMs)).toBe(sampleIndex);
        send(sampleIndex, first + index);
      }
    }
    if (nowMs >= CLIENT_DELAY_MS) {
      const playing = queue.shift();
      if (playing !== undefined) {
        playedFrames.add(playing.turnFrame);
        position = playing.sampleIndex + FRAME_SAMPLES;
      }
      if (nowMs % scene.reportEveryMs === 0) {
        const delayMs = scene.reportDelaysMs[step % scene.reportDelaysMs.length] ?? 0;
        reports.push({ atMs: nowMs + FRAME_MS + delayMs, positionSamples: position });
      }
    }
  }
  const isWhole = ({ startSamples, endSamples }: VoiceWord): boolean => {
    for (let frame = startSamples / FRAME_SAMPLES; frame < endSamples / FRAME_SAMPLES; frame++)
      if (!playedFrames.has(frame)) return false;
    return true;
  };
  const { heardText } = spoken.split(tracker.positionSamples((scene.cutFrame + 1) * FRAME_MS));
  return { played: words.filter(isWhole).length, heard: heardText === "" ? 0 : heardText.trim().split(" ").length };
}

describe("[TT23] [TT49] what was heard of a turn that is cut", () => {
  it("is right to a word in at least 99 % of cuts, with late reports and rewinds", () => {
    const all = fc.sample(scenes, { numRuns: 1_000, seed: 20 });
    const errors = all.map((scene) => {
      const { played, heard } = playScene(scene);
      return Math.abs(played - heard);
    });
    const good = errors.filter((error) => error <= 1).length;
    expect(good / errors.length).toBeGreaterThanOrEqual(0.99);
  });

  it("loses and doubles no word of a turn that is heard to its end", () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const { played, heard } = playScene({ ...scene, cutFrame: 2_500 });
        expect(played).toBe(scene.lengths.length);
        expect(heard).toBe(scene.lengths.length);
      }),
      { numRuns: 60, seed: 21 },
    );
  });
});

it("[TT34] what followed the cut fades out under the next frame, for 10 ms and only there", () => {
  const frame = (level: number) => ({ pcm: new Int16Array(FRAME_SAMPLES).fill(level), words: [], isFinal: false });
  const turn = new SpokenTurn(1);
  for (let i = 0; i < 3; i++) turn.addFrame(frame(8_000), i * FRAME_SAMPLES);
  turn.truncate({ keptSamples: 1.5 * FRAME_SAMPLES, completeSamples: FRAME_SAMPLES });
  const [first] = turn.addFrame(frame(0), 1.5 * FRAME_SAMPLES).frames;
  const [second] = turn.addFrame(frame(0), 2.5 * FRAME_SAMPLES).frames;
  expect(first?.pcm[0]).toBeGreaterThan(7_900);
  expect(first?.pcm[240]).toBeCloseTo(4_000, -2);
  expect(first?.pcm[480]).toBe(0);
  expect(second?.pcm.every((value) => value === 0)).toBe(true);
});

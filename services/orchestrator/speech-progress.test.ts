import { describe, expect, it } from "vitest";
import { VOICE_FRAME_SAMPLES as FRAME } from "#contracts/units";
import type { VoiceFrame, VoiceWord } from "#core/ports/voice-link";
import { SpeechProgress } from "./speech-progress";

/** Words of a text of letters, each so many frames long, from the start of a stream on. */
function say(letters: string, frames: number, textStart = 0): VoiceWord[] {
  return [...letters].map((text, index) => ({
    text,
    startSamples: index * frames * FRAME,
    endSamples: (index + 1) * frames * FRAME,
    textStart: textStart + index,
    textEnd: textStart + index + 1,
  }));
}

function frame(words: VoiceWord[] = [], isFinal = false): VoiceFrame {
  return { pcm: new Int16Array(FRAME), words, isFinal };
}

/** "abc" of ten frames each, broken off after `received` frames, `kept` of which stay. */
function brokenOff({ received, kept }: { received: number; kept: number }): SpeechProgress {
  const progress = new SpeechProgress();
  for (let at = 0; at < received; at++) progress.add(frame(at === 0 ? say("abc", 10) : []), 0);
  progress.continueAt(kept * FRAME, progress.cut());
  return progress;
}

/** How many frames of the next stream are left out, and its words as they come out. */
function goOn(progress: SpeechProgress, words: VoiceWord[]): { skipped: number; words: VoiceWord[] } {
  for (let skipped = 0; ; skipped++) {
    const out = progress.add(frame(skipped === 0 ? words : []), 0);
    if (out !== undefined) return { skipped, words: out.words };
  }
}

const placesOf = (words: readonly VoiceWord[]): number[][] =>
  words.map(({ startSamples, endSamples }) => [startSamples / FRAME, endSamples / FRAME]);

describe("[TT34] a word that was cut", () => {
  it("goes on where the listener heard it end, and its timings say so", () => {
    const { skipped, words } = goOn(brokenOff({ received: 17, kept: 16 }), say("bc", 10, 1));
    expect(skipped).toBe(6);
    expect(placesOf(words)).toEqual([
      [10, 20],
      [20, 30],
    ]);
  });

  it("goes on at the same place of the word when the other voice says it more slowly", () => {
    const { skipped, words } = goOn(brokenOff({ received: 16, kept: 15 }), say("bc", 20, 1));
    expect(skipped).toBe(10);
    expect(placesOf(words)).toEqual([
      [10, 25],
      [25, 45],
    ]);
  });

  it("is said whole when nothing of it was heard, or when the other voice does not tell where it is", () => {
    expect(goOn(brokenOff({ received: 17, kept: 10 }), say("bc", 10, 1)).skipped).toBe(0);
    expect(goOn(brokenOff({ received: 17, kept: 16 }), []).skipped).toBe(0);
  });

  it("is said again from 300 ms on when more of it was heard", () => {
    expect(goOn(brokenOff({ received: 19, kept: 19 }), say("bc", 40, 1)).skipped).toBe(15);
  });

  it.each([0, 3])("a stream that broke off before it was heard, after %i frames, changes nothing", (frames) => {
    const progress = brokenOff({ received: 17, kept: 16 });
    for (let at = 0; at < frames; at++) progress.add(frame(at === 0 ? say("bc", 10, 1) : []), 0);
    progress.continueAt(16 * FRAME, progress.cut());
    expect(goOn(progress, say("bc", 10, 1)).skipped).toBe(6);
  });

  it("cut again before it was over, it goes on from there", () => {
    const progress = brokenOff({ received: 17, kept: 16 });
    goOn(progress, say("bc", 10, 1));
    progress.continueAt(17 * FRAME, progress.cut());
    expect(goOn(progress, say("bc", 10, 1)).skipped).toBe(7);
  });

  it("the last frame is never left out", () => {
    const progress = brokenOff({ received: 17, kept: 16 });
    expect(progress.add(frame(say("b", 10, 1), true), 0)?.isFinal).toBe(true);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatFloat } from "#core/audio/pcm";
import { MAX_UTTERANCE_SAMPLES, UtteranceAudio } from "./utterance-audio";

describe("UtteranceAudio", () => {
  it("holds what was appended, in order, however it came", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 90_000 }), { maxLength: 8 }), (lengths) => {
        const parts = lengths.map((length, part) => Float32Array.from({ length }, (_, i) => part + i));
        const audio = new UtteranceAudio();
        for (const part of parts) audio.append(part);
        const whole = concatFloat(parts).slice(0, MAX_UTTERANCE_SAMPLES);
        expect(Buffer.from(whole.buffer).equals(new Uint8Array(audio.samples.slice().buffer))).toBe(true);
        expect(audio.length).toBe(audio.samples.length);
      }),
      { numRuns: 20 },
    );
  });

  it("takes 30 s and no more, and says what it took", () => {
    const audio = new UtteranceAudio();
    expect(audio.append(new Float32Array(MAX_UTTERANCE_SAMPLES - 1))).toHaveLength(MAX_UTTERANCE_SAMPLES - 1);
    expect(audio.append(Float32Array.of(1, 2))).toEqual(Float32Array.of(1));
    expect(audio.append(Float32Array.of(3))).toHaveLength(0);
    expect(audio.length).toBe(MAX_UTTERANCE_SAMPLES);
  });
});

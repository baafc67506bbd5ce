import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rms } from "#core/audio/pcm";
import type { SpokenToken, TtsEngine } from "#core/ports/tts-engine";

/** Tokens of a plain sentence, one per word; marks stay with their word. */
export function tokensOf(sentence: string): SpokenToken[] {
  return [...sentence.matchAll(/([A-Za-z']+)([.,!?;:]?)/g)].map((match) => ({
    spoken: (match[1] ?? "").toLowerCase(),
    punctuation: match[2] ?? "",
    sourceStart: match.index,
    sourceEnd: match.index + (match[1] ?? "").length,
  }));
}

const SENTENCE = "The quick brown fox, which was not lazy, jumps over the dog again.";
const never = (): AbortSignal => new AbortController().signal;

/** The rules that every TtsEngine keeps, for each of its models. */
export function describeTtsEngineContract(title: string, open: () => Promise<TtsEngine> | TtsEngine): void {
  describe(`TtsEngine contract: ${title}`, () => {
    let engine: TtsEngine;
    beforeAll(async () => {
      engine = await open();
    });
    afterAll(async () => {
      await engine.close();
    });
    const speak = (modelId: string, sentence: string, signal = never()) =>
      engine.synthesize({ modelId, tokens: tokensOf(sentence), signal });

    it("[TE1] every model has an id of its own and a finite gain", () => {
      expect(engine.models.length).toBeGreaterThan(0);
      expect(new Set(engine.models.map((model) => model.modelId)).size).toBe(engine.models.length);
      for (const model of engine.models) expect(Number.isFinite(model.makeUpGainDb)).toBe(true);
    });

    it("[TE2] speech is audible and within [-1, 1]", async () => {
      for (const { modelId } of engine.models) {
        const { samples } = await speak(modelId, SENTENCE);
        expect(rms(samples)).toBeGreaterThan(0.005);
        expect(samples.every((sample) => Math.abs(sample) <= 1)).toBe(true);
      }
    });

    it("[TE3] each token has one timing, in order, not overlapping, inside the audio", async () => {
      for (const { modelId } of engine.models) {
        const { samples, timings } = await speak(modelId, SENTENCE);
        expect(timings.map((timing) => timing.tokenIndex)).toEqual(tokensOf(SENTENCE).map((_, index) => index));
        let end = 0;
        for (const timing of timings) {
          expect(timing.startSamples).toBeGreaterThanOrEqual(end);
          expect(timing.endSamples).toBeGreaterThan(timing.startSamples);
          end = timing.endSamples;
        }
        expect(end).toBeLessThanOrEqual(samples.length);
      }
    });

    it("[TE4] the same tokens give the same samples, whatever was spoken before", async () => {
      const modelId = engine.models[0]?.modelId ?? "";
      const first = await speak(modelId, SENTENCE);
      await speak(modelId, "Something else entirely!");
      const second = await speak(modelId, SENTENCE);
      expect(second.samples).toEqual(first.samples);
      expect(second.timings).toEqual(first.timings);
    });

    it("[TE5] no tokens give no sound", async () => {
      const { samples, timings } = await speak(engine.models[0]?.modelId ?? "", "");
      expect(samples.length).toBe(0);
      expect(timings).toEqual([]);
    });

    it("[TE6] an unknown model is refused by code", async () => {
      await expect(speak("no-such-voice", SENTENCE)).rejects.toMatchObject({ code: "unknown-voice" });
    });

    it("[TE7] an aborted clause ends as cancelled, and the next one is spoken", async () => {
      const modelId = engine.models[0]?.modelId ?? "";
      const aborted = new AbortController();
      aborted.abort();
      await expect(speak(modelId, SENTENCE, aborted.signal)).rejects.toMatchObject({ code: "cancelled" });
      expect((await speak(modelId, SENTENCE)).samples.length).toBeGreaterThan(0);
    });

    it("[TE8] clauses asked for together are all spoken", async () => {
      const modelId = engine.models[0]?.modelId ?? "";
      const alone = await speak(modelId, SENTENCE);
      const together = await Promise.all([
        speak(modelId, SENTENCE),
        speak(modelId, "One more."),
        speak(modelId, SENTENCE),
      ]);
      expect(together[2].samples).toEqual(alone.samples);
    });
  });
}

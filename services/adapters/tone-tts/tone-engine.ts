import { AppError } from "#contracts/errors";
import { msToSamples } from "#contracts/units";
import { sleep } from "#core/lifecycle/sleep";
import type { Clock } from "#core/ports/clock";
import type { SynthesizedClause, TtsEngine } from "#core/ports/tts-engine";

export interface ToneEngineOptions {
  clock: Clock;
  /** Time that each clause takes to synthesise. Default 0. */
  synthesisMs?: number;
}

export const TONE_MODEL_ID = "tone";
const SAMPLE_RATE_HZ = 16_000;
const TONE_MS = 200;
const GAP_MS = 40;
const LOWEST_HZ = 300;
const STEP_HZ = 50;
const STEP_COUNT = 20;
/** Short enough not to shorten the tone audibly, long enough not to click. */
const FADE_MS = 5;
const AMPLITUDE = 0.25;

/** Frequency of the tone that stands for the token with this index. */
export function toneFrequencyHz(tokenIndex: number): number {
  return LOWEST_HZ + STEP_HZ * (tokenIndex % STEP_COUNT);
}

/**
 * A voice for tests: each token is a steady tone of 200 ms, with 40 ms of silence after it.
 * The same tokens give the same samples, and the timings are exact.
 */
export function createToneEngine(options: ToneEngineOptions): TtsEngine {
  const toneSamples = msToSamples(TONE_MS, SAMPLE_RATE_HZ);
  const strideSamples = msToSamples(TONE_MS + GAP_MS, SAMPLE_RATE_HZ);
  const fadeSamples = msToSamples(FADE_MS, SAMPLE_RATE_HZ);
  return {
    // A tone of 300 to 1250 Hz with this amplitude and these gaps measures −16 LUFS as it is, within 1 dB.
    models: [{ modelId: TONE_MODEL_ID, family: "tone", languages: ["en"], makeUpGainDb: 0 }],
    async synthesize({ modelId, tokens, signal }): Promise<SynthesizedClause> {
      if (signal.aborted) throw new AppError("cancelled");
      if (modelId !== TONE_MODEL_ID) throw new AppError("unknown-voice", { detail: modelId });
      if ((options.synthesisMs ?? 0) > 0) await sleep(options.clock, options.synthesisMs ?? 0, signal);
      const samples = new Float32Array(strideSamples * tokens.length);
      tokens.forEach((_, tokenIndex) => {
        const stepRadians = (2 * Math.PI * toneFrequencyHz(tokenIndex)) / SAMPLE_RATE_HZ;
        for (let at = 0; at < toneSamples; at++) {
          const fade = Math.min(1, at / fadeSamples, (toneSamples - 1 - at) / fadeSamples);
          samples[tokenIndex * strideSamples + at] = AMPLITUDE * fade * Math.sin(stepRadians * at);
        }
      });
      const timings = tokens.map((_, tokenIndex) => ({
        tokenIndex,
        startSamples: tokenIndex * strideSamples,
        endSamples: tokenIndex * strideSamples + toneSamples,
      }));
      return { samples, sampleRateHz: SAMPLE_RATE_HZ, timings };
    },
    close: () => Promise.resolve(),
  };
}

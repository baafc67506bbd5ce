import { VOICE_SAMPLE_RATE_HZ, dbToGain, msToSamples } from "#contracts/units";
import { concatFloat } from "#core/audio/pcm";
import { limitPeaks } from "#core/audio/peak-limiter";
import type { ResamplerFactory } from "#core/ports/resampler";
import type { SynthesizedClause } from "#core/ports/tts-engine";

const ms = (durationMs: number): number => msToSamples(durationMs, VOICE_SAMPLE_RATE_HZ);

/** What is kept of the engine's own silence before the first word and after the last one. */
const LEAD_IN_SAMPLES = ms(10);
const TAIL_SAMPLES = ms(40);
/** −54 dBFS: what is louder belongs to a word even where the timings say otherwise. */
const AUDIBLE = 0.002;
/** Against clicks where silence was cut. */
const FADE_SAMPLES = ms(4);

export interface PieceAudio {
  /** 48 kHz mono, levelled and limited. */
  samples: Float32Array;
  /** In samples of `samples`; one per token. */
  timings: { startSamples: number; endSamples: number }[];
}

function resampleTo48k(samples: Float32Array, fromHz: number, resamplers: ResamplerFactory): Float32Array {
  const resampler = resamplers.create({ fromHz, toHz: VOICE_SAMPLE_RATE_HZ });
  try {
    return concatFloat([resampler.process(samples), resampler.flush()]);
  } finally {
    resampler.dispose();
  }
}

/** In place: a clause is a megabyte at this rate, and each copy lives until the next collection. */
function amplify(samples: Float32Array, gain: number): void {
  for (let at = 0; at < samples.length; at++) samples[at] = (samples[at] ?? 0) * gain;
}

function firstAudible(samples: Float32Array): number {
  const at = samples.findIndex((sample) => Math.abs(sample) > AUDIBLE);
  return at < 0 ? samples.length : at;
}

function lastAudible(samples: Float32Array): number {
  return samples.findLastIndex((sample) => Math.abs(sample) > AUDIBLE) + 1;
}

function fadeEnds(samples: Float32Array): void {
  const length = Math.min(FADE_SAMPLES, samples.length >> 1);
  for (let at = 0; at < length; at++) {
    const gain = at / length;
    samples[at] = (samples[at] ?? 0) * gain;
    const mirrored = samples.length - 1 - at;
    samples[mirrored] = (samples[mirrored] ?? 0) * gain;
  }
}

/** Brings what an engine spoke to the wire's rate and loudness, without the silence around it. */
export function preparePiece(
  clause: SynthesizedClause,
  options: { gainDb: number; resamplers: ResamplerFactory },
): PieceAudio {
  const whole = resampleTo48k(clause.samples, clause.sampleRateHz, options.resamplers);
  amplify(whole, dbToGain(options.gainDb));
  const ratio = VOICE_SAMPLE_RATE_HZ / clause.sampleRateHz;
  const firstStart = Math.round((clause.timings[0]?.startSamples ?? 0) * ratio);
  const lastEnd = Math.round((clause.timings.at(-1)?.endSamples ?? 0) * ratio);
  const start = Math.max(0, Math.min(firstStart, firstAudible(whole)) - LEAD_IN_SAMPLES);
  const end = Math.min(whole.length, Math.max(lastEnd, lastAudible(whole), start) + TAIL_SAMPLES);
  const samples = limitPeaks(whole.subarray(start, end));
  fadeEnds(samples);
  const place = (at: number): number => Math.max(0, Math.min(samples.length, Math.round(at * ratio) - start));
  return {
    samples,
    timings: clause.timings.map((timing) => ({
      startSamples: place(timing.startSamples),
      endSamples: place(timing.endSamples),
    })),
  };
}

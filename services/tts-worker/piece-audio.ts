import { VOICE_SAMPLE_RATE_HZ, dbToGain, msToSamples } from "#contracts/units";
import { limitPeaks } from "#core/audio/peak-limiter";
import type { ResamplerFactory } from "#core/ports/resampler";
import type { SynthesizedClause } from "#core/ports/tts-engine";

/** What is kept of the engine's own silence before the first word and after the last one. */
const LEAD_IN_MS = 10;
const TAIL_MS = 40;
/** −54 dBFS: what is louder belongs to a word even where the timings say otherwise. */
const AUDIBLE = 0.002;
/** Against clicks where silence was cut. */
const FADE_MS = 4;
/** At the engine's rate, so that it is −1 dBTP after the resampling, which adds up to 0.2 dB (flite-rms, 23 s of speech). */
const CEILING_DB = -1.5;
/** What is resampled at a time. */
const BLOCK_MS = 20;

export interface PieceAudio {
  /** Mono, levelled and limited, still at the engine's rate: a third of the memory of 48 kHz while it waits its turn. */
  samples: Float32Array;
  sampleRateHz: number;
  /** In samples at 48 kHz from the start of `samples`; one per token. */
  timings: { startSamples: number; endSamples: number }[];
}

function firstAudible(samples: Float32Array): number {
  const at = samples.findIndex((sample) => Math.abs(sample) > AUDIBLE);
  return at < 0 ? samples.length : at;
}

function lastAudible(samples: Float32Array): number {
  return samples.findLastIndex((sample) => Math.abs(sample) > AUDIBLE) + 1;
}

function fadeEnds(samples: Float32Array, fadeSamples: number): void {
  const length = Math.min(fadeSamples, samples.length >> 1);
  for (let at = 0; at < length; at++) {
    const gain = at / length;
    samples[at] = (samples[at] ?? 0) * gain;
    const mirrored = samples.length - 1 - at;
    samples[mirrored] = (samples[mirrored] ?? 0) * gain;
  }
}

/** Brings what an engine spoke to the wire's loudness, and cuts the silence around it. */
export function preparePiece(clause: SynthesizedClause, options: { gainDb: number }): PieceAudio {
  const { sampleRateHz, timings } = clause;
  const gain = dbToGain(options.gainDb);
  const levelled = clause.samples.map((sample) => sample * gain);
  const ms = (durationMs: number): number => msToSamples(durationMs, sampleRateHz);
  const start = Math.max(0, Math.min(timings[0]?.startSamples ?? 0, firstAudible(levelled)) - ms(LEAD_IN_MS));
  const end = Math.min(
    levelled.length,
    Math.max(timings.at(-1)?.endSamples ?? 0, lastAudible(levelled), start) + ms(TAIL_MS),
  );
  const samples = limitPeaks(levelled.subarray(start, end), { ceilingDb: CEILING_DB, sampleRateHz });
  fadeEnds(samples, ms(FADE_MS));
  const ratio = VOICE_SAMPLE_RATE_HZ / sampleRateHz;
  const place = (at: number): number => Math.round(Math.max(0, Math.min(samples.length, at - start)) * ratio);
  return {
    samples,
    sampleRateHz,
    timings: timings.map((timing) => ({
      startSamples: place(timing.startSamples),
      endSamples: place(timing.endSamples),
    })),
  };
}

/** The piece at 48 kHz, block by block as it is asked for. */
export function* resamplePiece(
  piece: Pick<PieceAudio, "samples" | "sampleRateHz">,
  resamplers: ResamplerFactory,
): Generator<Float32Array, void, undefined> {
  const resampler = resamplers.create({ fromHz: piece.sampleRateHz, toHz: VOICE_SAMPLE_RATE_HZ });
  const blockSamples = msToSamples(BLOCK_MS, piece.sampleRateHz);
  try {
    for (let at = 0; at < piece.samples.length; at += blockSamples)
      yield resampler.process(piece.samples.subarray(at, at + blockSamples));
    yield resampler.flush();
  } finally {
    resampler.dispose();
  }
}

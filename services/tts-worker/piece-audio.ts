import { VOICE_SAMPLE_RATE_HZ, dbToGain, msToSamples } from "#contracts/units";
import { limitPeaks } from "#core/audio/peak-limiter";
import { rms } from "#core/audio/pcm";
import type { ResamplerFactory } from "#core/ports/resampler";
import type { SynthesizedClause } from "#core/ports/tts-engine";

/** What is kept of the engine's own silence before the first word and after the last one. */
const LEAD_IN_MS = 10;
const TAIL_MS = 40;
/** −54 dBFS, RMS over a window of 5 ms: what is louder belongs to a word, whatever the timings say. */
const AUDIBLE = 0.002;
const WINDOW_MS = 5;
/** Engines click in their silence (flite-slt, 4 of 12 sentences, up to 190 ms before the first word); a sound is longer. */
const SOUND_WINDOWS = 3;
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

/** First and last sample of what can be heard; undefined when nothing can. */
function findAudible(samples: Float32Array, sampleRateHz: number): { start: number; end: number } | undefined {
  const windowSamples = msToSamples(WINDOW_MS, sampleRateHz);
  const windows = Array.from(
    { length: Math.ceil(samples.length / windowSamples) },
    (_, index) => rms(samples.subarray(index * windowSamples, (index + 1) * windowSamples)) > AUDIBLE,
  );
  const isSound = (_: boolean, index: number): boolean =>
    windows.slice(index, index + SOUND_WINDOWS).every((isAudible) => isAudible);
  const first = windows.findIndex(isSound);
  const last = windows.findLastIndex((_, index) => isSound(true, Math.max(0, index - SOUND_WINDOWS + 1)));
  return first < 0
    ? undefined
    : { start: first * windowSamples, end: Math.min(samples.length, (last + 1) * windowSamples) };
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
  const audible = findAudible(levelled, sampleRateHz) ?? {
    start: timings[0]?.startSamples ?? 0,
    end: timings.at(-1)?.endSamples ?? 0,
  };
  const start = Math.max(0, audible.start - ms(LEAD_IN_MS));
  const end = Math.min(levelled.length, Math.max(timings.at(-1)?.endSamples ?? 0, audible.end, start) + ms(TAIL_MS));
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

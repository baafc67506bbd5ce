import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { concatFloat } from "#core/audio/pcm";

/** A whole recording at another rate. */
export async function resample(samples: Float32Array, rates: { fromHz: number; toHz: number }): Promise<Float32Array> {
  const resampler = (await createSpeexResamplerFactory()).create(rates);
  try {
    return concatFloat([resampler.process(samples), resampler.flush()]);
  } finally {
    resampler.dispose();
  }
}

/** With silence before and after it. */
export function padPcm(
  pcm: Int16Array,
  silence: { beforeMs: number; afterMs: number; sampleRateHz: number },
): Int16Array {
  const toSamples = (ms: number): number => Math.round((ms * silence.sampleRateHz) / 1000);
  const padded = new Int16Array(toSamples(silence.beforeMs) + pcm.length + toSamples(silence.afterMs));
  padded.set(pcm, toSamples(silence.beforeMs));
  return padded;
}

/** Highest level, that between the samples included (ITU-R BS.1770-4, annex 2: four times oversampled), dBTP. Input: 48 kHz. */
export async function measureTruePeakDb(samples: Float32Array): Promise<number> {
  const oversampled = await resample(samples, { fromHz: 48_000, toHz: 192_000 });
  return 20 * Math.log10(oversampled.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0));
}

import type { Random } from "#core/ports/ids";

/** A room's answer to a click: single echoes of either sign at random places, dying away exponentially. */
export interface SparseTail {
  /** Delays in samples, ascending. */
  delaySamples: Int32Array;
  gains: Float32Array;
  lengthSamples: number;
}

/** Enough that it does not rattle (velvet noise: Karjalainen and Järveläinen 2007), few enough to be fast. */
const ECHOES_PER_SECOND = 1_500;

/** `tailMs`: until it has fallen by 60 dB. The echoes' energy adds up to 1. */
export function createSparseTail(options: { tailMs: number; sampleRateHz: number }, random: Random): SparseTail {
  const lengthSamples = Math.ceil((options.tailMs * options.sampleRateHz) / 1000);
  const spacing = options.sampleRateHz / ECHOES_PER_SECOND;
  const count = Math.floor(lengthSamples / spacing);
  const delaySamples = Int32Array.from({ length: count }, (_, echo) => Math.floor((echo + random()) * spacing));
  const gains = Float32Array.from(
    delaySamples,
    (delay) => (random() < 0.5 ? -1 : 1) * 10 ** ((-3 * delay) / lengthSamples),
  );
  const energy = gains.reduce((total, gain) => total + gain * gain, 0);
  return { delaySamples, gains: gains.map((gain) => gain / Math.sqrt(energy)), lengthSamples };
}

/** As long as the input: what the tail makes of it. */
export function convolveSparse(samples: Float32Array, { delaySamples, gains }: SparseTail): Float32Array {
  const out = new Float32Array(samples.length);
  for (let echo = 0; echo < delaySamples.length; echo++) {
    const delay = delaySamples[echo] ?? 0;
    const gain = gains[echo] ?? 0;
    for (let at = delay; at < out.length; at++) out[at] = (out[at] ?? 0) + gain * (samples[at - delay] ?? 0);
  }
  return out;
}

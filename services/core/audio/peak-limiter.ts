import { VOICE_SAMPLE_RATE_HZ, dbToGain, msToSamples } from "../../contracts/units";

export interface PeakLimiterOptions {
  /** Highest true peak of the result, dBTP. Default −1. */
  ceilingDb?: number;
  /** Default 48 000. At lower rates the reading is as good, relative to the rate. */
  sampleRateHz?: number;
}

const OVERSAMPLING = 4;
/** Taps of each phase of the interpolator: reads the peak between samples to 0.1 dB up to 0.45 of the sample rate. */
const TAPS = 32;
const HALF_TAPS = TAPS / 2;
/** Look-ahead. The gain glides over this long on either side of a peak, too slow to be heard as distortion. */
const LOOK_AHEAD_MS = 1.5;
/** Time constant of the return to full level. */
const RELEASE_MS = 50;
/** Pays for the reading error of the interpolator and for the rounding to 16 bits. */
const MARGIN_DB = 0.15;
/** A peak between two samples is above the higher one by less than 6 dB in any real signal, so lower ones need no reading. */
const QUIET_RATIO = 0.5;

/** Windowed sinc (Hann), one row of taps for each position between two samples. */
const phases: readonly Float32Array[] = Array.from({ length: OVERSAMPLING - 1 }, (_, index) => {
  const fraction = (index + 1) / OVERSAMPLING;
  const taps = Float32Array.from({ length: TAPS }, (_unused, tap) => {
    const distance = tap - (HALF_TAPS - 1) - fraction;
    const window = 0.5 * (1 + Math.cos((Math.PI * distance) / (HALF_TAPS + 0.5)));
    return (Math.sin(Math.PI * distance) / (Math.PI * distance)) * window;
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
});

function magnitudeAt(samples: Float32Array, index: number): number {
  return Math.abs(samples[index] ?? 0);
}

/** Highest magnitude at a sample and between it and the next one. */
function truePeakAt(samples: Float32Array, index: number): number {
  let peak = magnitudeAt(samples, index);
  for (const taps of phases) {
    let value = 0;
    for (let tap = 0; tap < TAPS; tap++) value += (samples[index + tap - (HALF_TAPS - 1)] ?? 0) * (taps[tap] ?? 0);
    peak = Math.max(peak, Math.abs(value));
  }
  return peak;
}

/** For each sample the gain that keeps it, and what lies on either side of it, below the ceiling; undefined when none needs one. */
function requiredGains(samples: Float32Array, ceiling: number): Float32Array | undefined {
  let gains: Float32Array | undefined;
  const threshold = ceiling * QUIET_RATIO;
  let peakBefore = 0;
  for (let at = 0; at < samples.length; at++) {
    const isQuiet = magnitudeAt(samples, at) < threshold && magnitudeAt(samples, at + 1) < threshold;
    const peakBehind = isQuiet ? 0 : truePeakAt(samples, at);
    const peak = Math.max(peakBefore, peakBehind);
    if (peak > ceiling) {
      gains ??= new Float32Array(samples.length).fill(1);
      gains[at] = ceiling / peak;
    }
    peakBefore = peakBehind;
  }
  return gains;
}

/** Lowest value within `reach` on either side (monotonic queue). */
function slidingMinimum(values: Float32Array, reach: number): Float32Array {
  const result = new Float32Array(values.length);
  const queue = new Int32Array(values.length);
  let head = 0;
  let tail = 0;
  for (let at = 0; at < values.length + reach; at++) {
    const value = values[at];
    if (value !== undefined) {
      while (tail > head && (values[queue[tail - 1] ?? 0] ?? 1) >= value) tail--;
      queue[tail++] = at;
    }
    while (head < tail && (queue[head] ?? 0) < at - 2 * reach) head++;
    if (at >= reach) result[at - reach] = values[queue[head] ?? 0] ?? 1;
  }
  return result;
}

/** Mean over `reach` on either side; beyond the ends the end values go on. */
function slidingMean(values: Float32Array, reach: number): Float32Array {
  const last = values.length - 1;
  const valueAt = (index: number): number => values[Math.max(0, Math.min(last, index))] ?? 1;
  let sum = 0;
  for (let at = -reach; at < reach; at++) sum += valueAt(at);
  return values.map((_, at) => {
    sum += valueAt(at + reach);
    const mean = sum / (2 * reach + 1);
    sum -= valueAt(at - reach);
    return mean;
  });
}

/**
 * Look-ahead limiter for a whole clause: peaks, those between the samples included (ITU-R BS.1770-4, annex 2),
 * come down to the ceiling; what is quieter passes as it is. Returns the input itself when nothing was too loud.
 */
export function limitPeaks(samples: Float32Array, options: PeakLimiterOptions = {}): Float32Array {
  const ceiling = dbToGain((options.ceilingDb ?? -1) - MARGIN_DB);
  const required = requiredGains(samples, ceiling);
  if (required === undefined) return samples;
  const sampleRateHz = options.sampleRateHz ?? VOICE_SAMPLE_RATE_HZ;
  const reach = msToSamples(LOOK_AHEAD_MS, sampleRateHz);
  // Each peak's gain is held for the look-ahead on both sides, so the mean over that width is never above it at the peak.
  const held = slidingMinimum(required, reach);
  const recovery = 1 - Math.exp(-1 / msToSamples(RELEASE_MS, sampleRateHz));
  let gain = 1;
  for (let at = 0; at < held.length; at++) {
    gain = Math.min(held[at] ?? 1, gain + (1 - gain) * recovery);
    held[at] = gain;
  }
  const smooth = slidingMean(held, reach);
  return samples.map((sample, at) => sample * (smooth[at] ?? 1));
}

/** True peak in dBTP by four-fold oversampling; −Infinity for silence. */
export function truePeakDb(samples: Float32Array): number {
  let peak = 0;
  for (let at = 0; at < samples.length; at++) peak = Math.max(peak, truePeakAt(samples, at));
  return 20 * Math.log10(peak);
}

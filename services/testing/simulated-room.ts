import { dbToGain, EARS_SAMPLE_RATE_HZ, msToSamples } from "#contracts/units";
import type { Random } from "#core/ports/ids";

export interface SimulatedRoomOptions {
  /** Level of the echo against what is played, dB. */
  returnDb: number;
  delayMs: number;
  /** Until the room's answer has fallen by 60 dB, ms. */
  tailMs: number;
  /** How much faster the microphone's clock runs than the speaker's. */
  driftPpm?: number;
  /** Of the microphone, dBFS. Default −65. */
  noiseDb?: number;
}

/** Seven tenths of the echo's energy come straight from the loudspeaker. */
const DIRECT_ENERGY_RATIO = 0.7;
const TAIL_SPACING_SAMPLES = 10;
const KERNEL_HALF = 5;

/** What a microphone hears of what a loudspeaker plays, 16 kHz: delay, reverberation, drift and noise. */
export function echoOf(played: Float32Array, room: SimulatedRoomOptions, random: Random): Float32Array {
  const direct = shift(played, {
    delaySamples: msToSamples(room.delayMs, EARS_SAMPLE_RATE_HZ),
    rate: 1 - (room.driftPpm ?? 0) * 1e-6,
  });
  const gain = dbToGain(room.returnDb);
  const noise = dbToGain(room.noiseDb ?? -65) * Math.sqrt(3);
  const heard = direct.map((sample) => gain * Math.sqrt(DIRECT_ENERGY_RATIO) * sample + noise * (2 * random() - 1));
  const tail = tailOf(msToSamples(room.tailMs, EARS_SAMPLE_RATE_HZ), random);
  const tailGain = gain * Math.sqrt(1 - DIRECT_ENERGY_RATIO);
  for (const { atSample, gain: tap } of tail)
    for (let i = atSample; i < heard.length; i++)
      heard[i] = (heard[i] ?? 0) + tailGain * tap * (direct[i - atSample] ?? 0);
  return heard;
}

/** Single echoes at random places that die away; their energy adds up to 1. */
function tailOf(lengthSamples: number, random: Random): { atSample: number; gain: number }[] {
  const taps: { atSample: number; gain: number }[] = [];
  for (let at = 1; at + TAIL_SPACING_SAMPLES <= lengthSamples; at += TAIL_SPACING_SAMPLES) {
    const atSample = at + Math.floor(random() * TAIL_SPACING_SAMPLES);
    taps.push({ atSample, gain: (random() < 0.5 ? -1 : 1) * 10 ** ((-3 * atSample) / lengthSamples) });
  }
  const energy = taps.reduce((sum, { gain }) => sum + gain * gain, 0);
  return taps.map(({ atSample, gain }) => ({ atSample, gain: gain / Math.sqrt(energy) }));
}

/** Later and at another rate, between samples by a windowed sinc. */
function shift(samples: Float32Array, { delaySamples, rate }: { delaySamples: number; rate: number }): Float32Array {
  return samples.map((_, i) => {
    const place = i * rate - delaySamples;
    const whole = Math.floor(place);
    let sum = 0;
    for (let k = 1 - KERNEL_HALF; k <= KERNEL_HALF; k++) {
      const x = Math.PI * (place - whole - k);
      const sinc = Math.abs(x) < 1e-6 ? 1 : Math.sin(x) / x;
      sum += (samples[whole + k] ?? 0) * sinc * (0.5 + 0.5 * Math.cos(x / (KERNEL_HALF + 0.5)));
    }
    return sum;
  });
}

/** Mulberry32: repeatable numbers in [0, 1). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

import { EARS_SAMPLE_RATE_HZ, msToSamples } from "#contracts/units";
import { concatFloat } from "#core/audio/pcm";
import type { Random } from "#core/ports/ids";

const RATE_HZ = EARS_SAMPLE_RATE_HZ;

/** Sounds of a person and a room, made of noise, pulses and resonances; each time others. Peaks are within [-1, 1]. 16 kHz. */
export const NOISES = { cough, "throat clearing": clearThroat, click, door, keyboard, hum } as const;
export type NoiseName = keyof typeof NOISES;

/** One to three coughs: a burst of air, then a short rough voice that dies away. */
function cough(random: Random): Float32Array {
  const count = 1 + Math.floor(random() * 3);
  return concatFloat(
    Array.from({ length: count }, (_, index) => [
      oneCough(random),
      index === count - 1 ? silence(0) : silence(80 + random() * 160),
    ]).flat(),
  );
}

function oneCough(random: Random): Float32Array {
  const pitchHz = 110 + random() * 120;
  const burst = shape(noise(40 + random() * 30, random), (at) => Math.exp(-2 * at));
  const tailMs = 120 + random() * 160;
  const rough = mix(noise(tailMs, random), pulses(tailMs, steady(pitchHz), random), 0.45);
  const tail = shape(rough, (at) => 0.7 * Math.exp(-4 * at));
  const body = concatFloat([burst, tail]);
  return normalise(mix(resonate(body, 700 + random() * 500, 500), resonate(body, 1_800 + random() * 900, 900), 0.6));
}

/** A low rough voice, swelling once or twice. */
function clearThroat(random: Random): Float32Array {
  const lengthMs = 300 + random() * 350;
  const pitchHz = 70 + random() * 50;
  const swells = 1 + Math.floor(random() * 2);
  const rough = mix(noise(lengthMs, random), pulses(lengthMs, steady(pitchHz), random), 0.6);
  return normalise(
    shape(resonate(rough, 450 + random() * 250, 400), (at) => Math.abs(Math.sin(Math.PI * swells * at)) ** 0.7),
  );
}

/** A tongue, a pen, a mouse: one or two sharp ticks. */
function click(random: Random): Float32Array {
  const tick = (): Float32Array =>
    normalise(
      resonate(
        shape(noise(6 + random() * 10, random), (at) => Math.exp(-6 * at)),
        1_500 + random() * 3_500,
        1_200,
      ),
    );
  return random() < 0.5 ? tick() : concatFloat([tick(), silence(60 + random() * 100), tick()]);
}

/** A thud with a rattle behind it. */
function door(random: Random): Float32Array {
  const lengthMs = 250 + random() * 300;
  const thud = resonate(
    shape(noise(lengthMs, random), (at) => Math.exp(-9 * at)),
    60 + random() * 70,
    80,
  );
  const rattle = resonate(
    shape(noise(lengthMs, random), (at) => Math.exp(-14 * at)),
    900 + random() * 800,
    900,
  );
  return normalise(mix(normalise(thud), normalise(rattle), 0.3));
}

/** Two to four seconds of typing, six to ten keys a second. */
function keyboard(random: Random): Float32Array {
  const keys = 8 + Math.floor(random() * 14);
  return concatFloat(
    Array.from({ length: keys }, () => {
      const stroke = normalise(
        resonate(
          shape(noise(12 + random() * 10, random), (at) => Math.exp(-5 * at)),
          1_200 + random() * 3_000,
          1_500,
        ),
      );
      return [stroke.map((sample) => sample * (0.4 + 0.6 * random())), silence(70 + random() * 90)];
    }).flat(),
  );
}

/** Mains hum and a fan: harmonics over noise, one and a half to three seconds. */
function hum(random: Random): Float32Array {
  const lengthMs = 1_500 + random() * 1_500;
  const baseHz = random() < 0.5 ? 50 : 60;
  const tone = fill(lengthMs, (at) =>
    [1, 2, 3, 5].reduce((sum, n) => sum + Math.sin((2 * Math.PI * n * baseHz * at) / RATE_HZ) / n, 0),
  );
  const fan = resonate(noise(lengthMs, random), 300, 400);
  return normalise(shape(mix(normalise(tone), normalise(fan), 0.5), (at) => Math.min(1, at * 12, (1 - at) * 12)));
}

/** "Mm-hm" with the mouth closed: two nasal sounds with a breath between; pitch falls, then rises. */
export function mmHm(random: Random): Float32Array {
  const pitchHz = 100 + random() * 110;
  const nasal = (fromHz: number, toHz: number): Float32Array => {
    const lengthMs = 140 + random() * 110;
    const voice = pulses(lengthMs, { fromHz, toHz }, random);
    return shape(resonate(voice, 250, 120), (at) => Math.sin(Math.PI * at) ** 0.5);
  };
  const breath = shape(noise(50 + random() * 30, random), () => 0.03);
  return normalise(concatFloat([nasal(pitchHz, pitchHz * 0.9), breath, nasal(pitchHz * 0.95, pitchHz * 1.2)]));
}

/** Three to six voiced puffs, five a second, getting lower and weaker. */
export function laugh(random: Random): Float32Array {
  const count = 3 + Math.floor(random() * 4);
  const pitchHz = 140 + random() * 160;
  const puffs = Array.from({ length: count }, (_, index) => {
    const weaker = 0.85 ** index;
    const breath = shape(resonate(noise(70, random), 1_500, 1_500), () => 0.25 * weaker);
    const voice = pulses(90 + random() * 40, steady(pitchHz * 0.95 ** index), random);
    const vowel = normalise(mix(resonate(voice, 750, 120), resonate(voice, 1_250, 160), 0.5));
    return concatFloat([breath, shape(vowel, (at) => weaker * Math.sin(Math.PI * at) ** 0.6)]);
  });
  return normalise(concatFloat(puffs));
}

function fill(durationMs: number, valueAt: (sample: number) => number): Float32Array {
  return Float32Array.from({ length: msToSamples(durationMs, RATE_HZ) }, (_, at) => valueAt(at));
}

function silence(durationMs: number): Float32Array {
  return new Float32Array(msToSamples(durationMs, RATE_HZ));
}

function noise(durationMs: number, random: Random): Float32Array {
  return fill(durationMs, () => random() * 2 - 1);
}

function steady(pitchHz: number): { fromHz: number; toHz: number } {
  return { fromHz: pitchHz, toHz: pitchHz };
}

/** Glottal pulses with 3 % of jitter, gliding from one pitch to the other. */
function pulses(durationMs: number, pitch: { fromHz: number; toHz: number }, random: Random): Float32Array {
  const out = silence(durationMs);
  for (let at = 0; at < out.length;) {
    out[Math.floor(at)] = 1;
    const pitchHz = pitch.fromHz + ((pitch.toHz - pitch.fromHz) * at) / out.length;
    at += (RATE_HZ / pitchHz) * (0.97 + 0.06 * random());
  }
  return out;
}

/** `gainAt` of the place from 0 to 1. */
function shape(samples: Float32Array, gainAt: (place: number) => number): Float32Array {
  return samples.map((sample, at) => sample * gainAt(at / samples.length));
}

/** The first with the rest of `share`, the second with `share`. */
function mix(first: Float32Array, second: Float32Array, share: number): Float32Array {
  return first.map((sample, at) => sample * (1 - share) + (second[at] ?? 0) * share);
}

/** Two-pole resonance. */
function resonate(samples: Float32Array, centreHz: number, bandwidthHz: number): Float32Array {
  const radius = Math.exp((-Math.PI * bandwidthHz) / RATE_HZ);
  const a1 = 2 * radius * Math.cos((2 * Math.PI * centreHz) / RATE_HZ);
  const a2 = -radius * radius;
  let [y1, y2] = [0, 0];
  return samples.map((sample) => {
    const y = (1 - radius) * sample + a1 * y1 + a2 * y2;
    [y2, y1] = [y1, y];
    return y;
  });
}

function normalise(samples: Float32Array): Float32Array {
  const peak = samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
  return peak === 0 ? samples : samples.map((sample) => (sample / peak) * 0.9);
}

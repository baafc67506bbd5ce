import { dbToGain, EARS_SAMPLE_RATE_HZ, msToSamples, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import type { Random } from "#core/ports/ids";
import type { ResamplerFactory, StreamResampler } from "#core/ports/resampler";
import { distort } from "./distort";
import { createSparseTail, type SparseTail } from "./sparse-tail";

export interface EchoPath {
  /** Level of the echo at the microphone against what the speaker is given, dB. */
  returnDb: number;
  /** Besides the frame of 20 ms by which the microphone follows the speaker, ms; at least 10: converters, buffers, air. */
  delayMs: number;
  /** Until the room's answer has fallen by 60 dB, ms. */
  tailMs: number;
  /** How much faster the microphone's clock runs than the speaker's, parts in a million. */
  driftPpm: number;
  /** A small loudspeaker turned up too far: it clips softly, and its case rattles. */
  isDistorting: boolean;
}

export interface RoomOptions {
  /** Undefined: headphones. */
  echo: EchoPath | undefined;
  /** Level of the microphone's own noise, dBFS. */
  noiseDb: number;
}

export const ROOM_NAMES = ["headphones", "loudspeaker", "distorting-loudspeaker"] as const;
export type RoomName = (typeof ROOM_NAMES)[number];

/** The loudspeakers are hard ones: the echo returns with −5 dB, so that it is as loud as the user. */
export function chooseRoom(name: RoomName, random: Random): RoomOptions {
  if (name === "headphones") return { echo: undefined, noiseDb: -72 + 8 * random() };
  return {
    echo: {
      returnDb: -5,
      delayMs: 20 + 100 * random(),
      tailMs: 150 + 200 * random(),
      driftPpm: (random() * 2 - 1) * 50,
      isDistorting: name === "distorting-loudspeaker",
    },
    noiseDb: -68 + 8 * random(),
  };
}

/** Share of the echo's energy that comes straight from the loudspeaker. */
const DIRECT_ENERGY_RATIO = 0.7;
/** Below what 16 bits can say. */
const INAUDIBLE = 1e-5;
/** 4 s at 16 kHz: longer than any delay and tail. */
const RING_SAMPLES = 2 ** 16;
const RING_MASK = RING_SAMPLES - 1;

/** What the microphone hears: the user, the speaker's echo, noise. One conversation long. */
export class Room {
  readonly #noiseGain: number;
  readonly #random: Random;
  readonly #echo: EchoState | undefined;

  constructor(options: RoomOptions, deps: { random: Random; resamplers: ResamplerFactory }) {
    // Uniform noise of amplitude a has an RMS of a / √3.
    this.#noiseGain = dbToGain(options.noiseDb) * Math.sqrt(3);
    this.#random = deps.random;
    this.#echo = options.echo === undefined ? undefined : new EchoState(options.echo, deps);
  }

  /** `user`: 16 kHz; `played`: 48 kHz, what left the speaker during the step before, as long as the user's frame. */
  hear(user: Float32Array, played: Float32Array): Float32Array {
    const echo = this.#echo?.next(played, user.length);
    return user.map((sample, at) => {
      const heard = sample + (echo?.[at] ?? 0) + this.#noiseGain * (this.#random() * 2 - 1);
      return Math.max(-1, Math.min(1, heard));
    });
  }

  dispose(): void {
    this.#echo?.dispose();
  }
}

class EchoState {
  readonly #path: EchoPath;
  readonly #random: Random;
  readonly #resampler: StreamResampler;
  readonly #tail: SparseTail;
  readonly #directGain: number;
  readonly #tailGain: number;
  /** What the speaker played at 16 kHz, the last part of it, in a ring. */
  readonly #ring: Float32Array;
  #writtenSamples = 0;
  #heardSamples = 0;
  /** Behind the last sample that made a sound. */
  #soundEndSample = -Infinity;

  constructor(path: EchoPath, deps: { random: Random; resamplers: ResamplerFactory }) {
    this.#path = path;
    this.#random = deps.random;
    this.#resampler = deps.resamplers.create({ fromHz: VOICE_SAMPLE_RATE_HZ, toHz: EARS_SAMPLE_RATE_HZ });
    this.#tail = createSparseTail({ tailMs: path.tailMs, sampleRateHz: EARS_SAMPLE_RATE_HZ }, deps.random);
    this.#directGain = dbToGain(path.returnDb) * Math.sqrt(DIRECT_ENERGY_RATIO);
    this.#tailGain = dbToGain(path.returnDb) * Math.sqrt(1 - DIRECT_ENERGY_RATIO);
    this.#ring = new Float32Array(RING_SAMPLES);
  }

  next(played: Float32Array, count: number): Float32Array {
    for (const clean of this.#resampler.process(played)) {
      const sample = this.#path.isDistorting ? distort(clean, this.#random) : clean;
      this.#ring[this.#writtenSamples++ % this.#ring.length] = sample;
      if (Math.abs(sample) > INAUDIBLE) this.#soundEndSample = this.#writtenSamples;
    }
    const delaySamples = msToSamples(this.#path.delayMs, EARS_SAMPLE_RATE_HZ);
    const rate = 1 - this.#path.driftPpm * 1e-6;
    const out = new Float32Array(count);
    const isSilent = this.#heardSamples - delaySamples > this.#soundEndSample + this.#tail.lengthSamples;
    for (let at = 0; at < count && !isSilent; at++) {
      // Drift moves the place slowly.
      const place = (this.#heardSamples + at) * rate - delaySamples;
      out[at] = this.#directGain * this.#at(place) + this.#tailGain * this.#reverberation(Math.round(place));
    }
    this.#heardSamples += count;
    return out;
  }

  dispose(): void {
    this.#resampler.dispose();
  }

  /** Hundreds of echoes for each sample: a sixth of the computing of a conversation on loudspeakers when each place is checked. */
  #reverberation(place: number): number {
    const { delaySamples, gains } = this.#tail;
    const newest = this.#writtenSamples - 1;
    let sum = 0;
    for (let echo = 0; echo < delaySamples.length; echo++) {
      const at = place - (delaySamples[echo] ?? 0);
      // What is before the first sample has not been written yet: silence.
      if (at <= newest) sum += (gains[echo] ?? 0) * (this.#ring[at & RING_MASK] ?? 0);
    }
    return sum;
  }

  /** Between two samples: a line. */
  #at(place: number): number {
    const whole = Math.floor(place);
    const rest = place - whole;
    return this.#sample(whole) * (1 - rest) + this.#sample(whole + 1) * rest;
  }

  #sample(place: number): number {
    const isKept = place >= 0 && place < this.#writtenSamples && place >= this.#writtenSamples - this.#ring.length;
    return isKept ? (this.#ring[place % this.#ring.length] ?? 0) : 0;
  }
}

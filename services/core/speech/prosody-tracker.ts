import { EARS_SAMPLE_RATE_HZ, samplesToMs } from "#contracts/units";
import { rms } from "../audio/pcm";
import { estimatePitchHz, pitchFrameSamples } from "./pitch";

/** How the last speech ended, relative to this user's own voice so far. */
export interface ProsodyCues {
  /** Pitch of the last 100 voiced ms: 0 at the user's median, −1 at the low end (tenth percentile) of their range. */
  finalPitchRatio: number;
  /** Level of the last 100 ms against the mean of the user's speech, dB. */
  finalLevelDb: number;
  /** Between the last sound and the end of the speech as the segmenter places it, ms. */
  quietTailMs: number;
}

const HOP_SAMPLES = 256;
const HOP_MS = samplesToMs(HOP_SAMPLES, EARS_SAMPLE_RATE_HZ);
/** Pitch is looked for at 8 kHz: half the samples, a quarter of the work. */
const PITCH_RATE_HZ = EARS_SAMPLE_RATE_HZ / 2;
const FRAME_SAMPLES = 2 * pitchFrameSamples({ sampleRateHz: PITCH_RATE_HZ });
/** What the cues look back on: 2 s. */
const KEPT_HOPS = 125;
/** 16 s: a user's range, not the mood of one sentence. */
const RANGE_HOPS = 1_000;
/** Without this much voice the range says nothing. */
const MIN_RANGE_HOPS = 10;
const MIN_FINAL_HOPS = 3;
const FINAL_HOPS = 6;
/** Pitch from further back, 500 ms, says nothing about the end. */
const LOOK_BACK_HOPS = 31;
/** What is quieter, against the mean of the user's speech, is breath and room. */
const AUDIBLE_BELOW_DB = 18;
/** Further from the user's median it is an octave error, as creaky voice brings them. */
const LARGEST_STEP_SEMITONES = 8;
/** A monotonous voice has a range, too. */
const SMALLEST_RANGE_SEMITONES = 0.7;

interface Hop {
  /** Semitones above 1 Hz; undefined without voice. */
  pitch: number | undefined;
  levelDb: number;
  isSpeech: boolean;
}

/** Follows pitch and level of one user's microphone, 16 kHz, in hops of 16 ms. 0.05 ms of computing for each. */
export class ProsodyTracker {
  readonly #recent = new Float32Array(FRAME_SAMPLES);
  #hops: Hop[] = [];
  #pitches: number[] = [];
  #levelsDb: number[] = [];

  /** Samples in order, a multiple of 256 at a time. `isSpeech`: as the segmenter says. */
  push(samples: Float32Array, isSpeech: boolean): void {
    for (let at = 0; at + HOP_SAMPLES <= samples.length; at += HOP_SAMPLES) {
      const hopSamples = samples.subarray(at, at + HOP_SAMPLES);
      this.#recent.copyWithin(0, HOP_SAMPLES);
      this.#recent.set(hopSamples, FRAME_SAMPLES - HOP_SAMPLES);
      // In quiet there is nothing to follow, and most of the time is quiet.
      this.#add({ pitch: isSpeech ? this.#pitch() : undefined, levelDb: toDb(rms(hopSamples)), isSpeech });
    }
  }

  /** How the last speech ended; undefined while too little voice was heard. */
  cues(): ProsodyCues | undefined {
    const heard = this.#hops.slice(0, this.#hops.findLastIndex((hop) => hop.isSpeech) + 1);
    const usualLevelDb = mean(this.#levelsDb);
    // Voice activity detection lets go 64 ms (median) to 112 ms (p95) after the last sound.
    const spoken = heard.slice(0, heard.findLastIndex((hop) => hop.levelDb > usualLevelDb - AUDIBLE_BELOW_DB) + 1);
    const usualPitch = quantile(this.#pitches, 0.5);
    const finalPitches = spoken
      .slice(-LOOK_BACK_HOPS)
      .flatMap(({ pitch }) => (pitch === undefined ? [] : [pitch]))
      .filter((pitch) => Math.abs(pitch - usualPitch) < LARGEST_STEP_SEMITONES);
    if (this.#pitches.length < MIN_RANGE_HOPS || finalPitches.length < MIN_FINAL_HOPS) return undefined;
    const range = Math.max(SMALLEST_RANGE_SEMITONES, usualPitch - quantile(this.#pitches, 0.1));
    return {
      finalPitchRatio: (quantile(finalPitches.slice(-FINAL_HOPS), 0.5) - usualPitch) / range,
      finalLevelDb: mean(spoken.slice(-FINAL_HOPS).map((hop) => hop.levelDb)) - usualLevelDb,
      quietTailMs: (heard.length - spoken.length) * HOP_MS,
    };
  }

  #add(hop: Hop): void {
    keep(this.#hops, hop, KEPT_HOPS);
    if (hop.isSpeech) keep(this.#levelsDb, hop.levelDb, RANGE_HOPS);
    if (hop.pitch !== undefined) keep(this.#pitches, hop.pitch, RANGE_HOPS);
  }

  #pitch(): number | undefined {
    const frame = new Float32Array(FRAME_SAMPLES / 2);
    for (let i = 0; i < frame.length; i++) frame[i] = ((this.#recent[2 * i] ?? 0) + (this.#recent[2 * i + 1] ?? 0)) / 2;
    const pitchHz = estimatePitchHz(frame, { sampleRateHz: PITCH_RATE_HZ });
    return pitchHz === undefined ? undefined : 12 * Math.log2(pitchHz);
  }
}

function keep<T>(items: T[], item: T, capacity: number): void {
  items.push(item);
  if (items.length > capacity) items.shift();
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function quantile(values: readonly number[], ratio: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(ratio * sorted.length)] ?? 0;
}

/** −100 for silence. */
function toDb(level: number): number {
  return 20 * Math.log10(Math.max(1e-5, level));
}

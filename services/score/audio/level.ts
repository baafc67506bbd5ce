import { dbToGain, gainToDb } from "#contracts/units";
import { rms } from "#core/audio/pcm";
import { frameLevels, speechEndSample, speechStartSample } from "./speech-edges";

/** Frames this far below the loudest do not count as sounding. */
const ACTIVE_BELOW_LOUDEST_DB = 25;

/** Level of the frames of 10 ms in which there is sound, dBFS; −Infinity for silence. Pauses do not lower it. */
export function activeLevelDb(samples: Float32Array, sampleRateHz: number): number {
  const levels = frameLevels(samples, sampleRateHz);
  const loudest = levels.reduce((highest, level) => Math.max(highest, level), 0);
  const active = levels.filter((level) => level > 0 && level >= loudest * dbToGain(-ACTIVE_BELOW_LOUDEST_DB));
  if (active.length === 0) return gainToDb(rms(samples));
  return gainToDb(Math.sqrt(active.reduce((total, level) => total + level * level, 0) / active.length));
}

export function scale(samples: Float32Array, gain: number): Float32Array {
  return samples.map((sample) => sample * gain);
}

/** Brings the sounding frames to `levelDb` dBFS; what would be clipped is left at full scale. Silence stays silence. */
export function setActiveLevel(samples: Float32Array, levelDb: number, sampleRateHz: number): Float32Array {
  const present = activeLevelDb(samples, sampleRateHz);
  if (!Number.isFinite(present)) return samples.slice();
  return scale(samples, dbToGain(levelDb - present)).map((sample) => Math.max(-1, Math.min(1, sample)));
}

/** From the first to the last frame of sound, so that the place of a sound is the place of its onset. */
export function trimSilence(samples: Float32Array, sampleRateHz: number): Float32Array {
  return samples.slice(speechStartSample(samples, sampleRateHz), speechEndSample(samples, sampleRateHz));
}

/** Short enough to cut nothing off, long enough that a cut makes no click. */
const FADE_MS = 4;

/** Rises from nothing and falls to nothing, so that what was cut out makes no click. */
export function fadeEnds(samples: Float32Array, sampleRateHz: number): Float32Array {
  const fadeSamples = (FADE_MS * sampleRateHz) / 1000;
  return samples.map((sample, at) => sample * Math.min(1, (at + 1) / fadeSamples, (samples.length - at) / fadeSamples));
}

import { rms } from "#core/audio/pcm";

const FRAME_MS = 10;
/** Recordings hiss at 30 to 45 dB below their loudest frame, so less would find the end of the file instead. */
const BELOW_LOUDEST_RATIO = 10 ** (-25 / 20);
/** −40 dBFS. */
const AUDIBLE = 0.01;

/** RMS of each whole frame of 10 ms, in [0, 1]. */
export function frameLevels(samples: Float32Array, sampleRateHz: number): number[] {
  const frameSamples = (sampleRateHz * FRAME_MS) / 1000;
  return Array.from({ length: Math.floor(samples.length / frameSamples) }, (_, frame) =>
    rms(samples.subarray(frame * frameSamples, (frame + 1) * frameSamples)),
  );
}

/** Where speech starts: the start of the first 10 ms frame whose RMS is within 25 dB of the loudest frame's. 0 for silence. */
export function speechStartSample(samples: Float32Array, sampleRateHz: number): number {
  const { levels, threshold } = findLevels(samples, sampleRateHz);
  return (
    Math.max(
      0,
      levels.findIndex((level) => level >= threshold),
    ) *
    ((sampleRateHz * FRAME_MS) / 1000)
  );
}

/** Where speech ends: the end of the last such frame. 0 for silence. */
export function speechEndSample(samples: Float32Array, sampleRateHz: number): number {
  const { levels, threshold } = findLevels(samples, sampleRateHz);
  return (levels.findLastIndex((level) => level >= threshold) + 1) * ((sampleRateHz * FRAME_MS) / 1000);
}

function findLevels(samples: Float32Array, sampleRateHz: number): { levels: number[]; threshold: number } {
  const levels = frameLevels(samples, sampleRateHz);
  const loudest = levels.reduce((highest, level) => Math.max(highest, level), 0);
  return { levels, threshold: loudest === 0 ? Infinity : loudest * BELOW_LOUDEST_RATIO };
}

/** First sample from `from` on above −40 dBFS; undefined when there is none. */
export function firstAudibleSample(pcm: Int16Array, from: number): number | undefined {
  const at = pcm.subarray(from).findIndex((sample) => Math.abs(sample) > AUDIBLE * 32768);
  return at < 0 ? undefined : from + at;
}

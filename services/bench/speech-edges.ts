import { rms } from "#core/audio/pcm";

const FRAME_MS = 10;
/** Recordings hiss at 30 to 45 dB below their loudest frame, so less would find the end of the file instead. */
const BELOW_LOUDEST_RATIO = 10 ** (-25 / 20);
/** −40 dBFS. */
const AUDIBLE = 0.01;

/** Where speech ends: the end of the last 10 ms frame whose RMS is within 25 dB of the loudest frame's. 0 for silence. */
export function speechEndSample(samples: Float32Array, sampleRateHz: number): number {
  const frameSamples = (sampleRateHz * FRAME_MS) / 1000;
  const levels = Array.from({ length: Math.floor(samples.length / frameSamples) }, (_, frame) =>
    rms(samples.subarray(frame * frameSamples, (frame + 1) * frameSamples)),
  );
  const loudest = levels.reduce((highest, level) => Math.max(highest, level), 0);
  if (loudest === 0) return 0;
  return (levels.findLastIndex((level) => level >= loudest * BELOW_LOUDEST_RATIO) + 1) * frameSamples;
}

/** First sample from `from` on above −40 dBFS; undefined when there is none. */
export function firstAudibleSample(pcm: Int16Array, from: number): number | undefined {
  const at = pcm.subarray(from).findIndex((sample) => Math.abs(sample) > AUDIBLE * 32768);
  return at < 0 ? undefined : from + at;
}

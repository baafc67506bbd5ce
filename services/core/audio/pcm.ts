/** Int16 PCM to Float32 in [-1, 1). */
export function pcmToFloat(pcm: Int16Array): Float32Array {
  const samples = new Float32Array(pcm.length);
  for (let i = 0; i < pcm.length; i++) samples[i] = (pcm[i] ?? 0) / 32768;
  return samples;
}

/** Float32 to Int16 PCM, written to `pcm` and returned; values outside [-1, 1] are clipped. */
export function floatToPcm(samples: Float32Array, pcm = new Int16Array(samples.length)): Int16Array {
  for (let i = 0; i < samples.length; i++) {
    pcm[i] = Math.round(Math.max(-1, Math.min(32767 / 32768, samples[i] ?? 0)) * 32768);
  }
  return pcm;
}

/** Root mean square of samples in [-1, 1]; 0 for none. By index, as all that runs for each window: iterators box every sample. */
export function rms(samples: Float32Array): number {
  const { length } = samples;
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (samples[i] ?? 0) * (samples[i] ?? 0);
  return length === 0 ? 0 : Math.sqrt(sum / length);
}

/** As `rms`, of PCM. Allocates nothing, for what runs fifty times a second. */
export function pcmRms(pcm: Int16Array): number {
  const { length } = pcm;
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (pcm[i] ?? 0) * (pcm[i] ?? 0);
  return length === 0 ? 0 : Math.sqrt(sum / length) / 32768;
}

/** From the lowest sample to the highest, in their own unit; −Infinity for none. */
export function peakToPeak(samples: Float32Array | Int16Array): number {
  const { length } = samples;
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < length; i++) {
    const sample = samples[i] ?? 0;
    if (sample < lowest) lowest = sample;
    if (sample > highest) highest = sample;
  }
  return highest - lowest;
}

export function concatFloat(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

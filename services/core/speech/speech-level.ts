import { gainToDb } from "#contracts/units";

/** The mean stands on this many windows at most (5 s of 32 ms), so that it follows a user who moves away. */
const MEMORY_WINDOWS = 150;

/** How loud a voice is, and how much it hisses, over the windows given so far. */
export class SpeechLevel {
  #windows = 0;
  #power = 0;
  #crossingPower = 0;

  /** `samples` in [-1, 1]: a window in which the voice is heard. */
  add(samples: Float32Array): void {
    const weight = 1 / Math.min(MEMORY_WINDOWS, ++this.#windows);
    const power = meanSquare(samples);
    this.#power += weight * (power - this.#power);
    this.#crossingPower += weight * ((power * zeroCrossings(samples)) / samples.length - this.#crossingPower);
  }

  get windows(): number {
    return this.#windows;
  }

  /** dBFS; −Infinity before the first window. */
  get levelDb(): number {
    return gainToDb(Math.sqrt(this.#power));
  }

  /**
   * Share of neighbouring samples between which the sign changes, loud windows counting more, so that the "s" of "stop" does not
   * hide its vowel: about 0.03 to 0.15 for voices at 16 kHz, 0.3 and more for hiss.
   */
  get zeroCrossingRatio(): number {
    return this.#power === 0 ? 0 : this.#crossingPower / this.#power;
  }
}

function meanSquare(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : sum / samples.length;
}

function zeroCrossings(samples: Float32Array): number {
  let count = 0;
  for (let i = 1; i < samples.length; i++) if ((samples[i] ?? 0) < 0 !== (samples[i - 1] ?? 0) < 0) count++;
  return count;
}

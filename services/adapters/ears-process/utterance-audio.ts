import { EARS_SAMPLE_RATE_HZ } from "#contracts/units";

/** What one utterance may hold; the rest is dropped. More than ASR takes, so that its refusal is reported. */
export const MAX_UTTERANCE_SAMPLES = 30 * EARS_SAMPLE_RATE_HZ;
const FIRST_CAPACITY_SAMPLES = 4 * EARS_SAMPLE_RATE_HZ;

/** The audio of an utterance so far, in one growing buffer. */
export class UtteranceAudio {
  #buffer = new Float32Array(FIRST_CAPACITY_SAMPLES);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A view: valid until the next `append`. */
  get samples(): Float32Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Copies. Returns what was taken: all of it, or the part that still fitted. */
  append(samples: Float32Array): Float32Array {
    const taken = samples.slice(0, MAX_UTTERANCE_SAMPLES - this.#length);
    const needed = this.#length + taken.length;
    if (needed > this.#buffer.length) {
      const grown = new Float32Array(Math.min(MAX_UTTERANCE_SAMPLES, Math.max(needed, 2 * this.#buffer.length)));
      grown.set(this.samples);
      this.#buffer = grown;
    }
    this.#buffer.set(taken, this.#length);
    this.#length = needed;
    return taken;
  }
}

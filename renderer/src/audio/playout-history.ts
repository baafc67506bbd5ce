/** The latest samples that left the player, to be played once more when nobody can have heard them. */
export class PlayoutHistory {
  readonly #ring: Float32Array;
  #writeAt = 0;
  #samples = 0;

  constructor(capacitySamples: number) {
    this.#ring = new Float32Array(capacitySamples);
  }

  /** How much can be read back. */
  get samples(): number {
    return this.#samples;
  }

  write(samples: Float32Array): void {
    for (const sample of samples) {
      this.#ring[this.#writeAt] = sample;
      this.#writeAt = (this.#writeAt + 1) % this.#ring.length;
    }
    this.#samples = Math.min(this.#ring.length, this.#samples + samples.length);
  }

  /** Fills `out` with what begins `agoSamples` before the end. */
  readInto(out: Float32Array, agoSamples: number): void {
    const size = this.#ring.length;
    for (let i = 0; i < out.length; i++) out[i] = this.#ring[(this.#writeAt - agoSamples + i + size) % size] ?? 0;
  }

  clear(): void {
    this.#samples = 0;
  }
}

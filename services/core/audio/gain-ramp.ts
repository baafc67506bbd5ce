/** A gain that moves to its target in a straight line, so that a change makes no click. */
export class GainRamp {
  readonly #rampSamples: number;
  #gain = 1;
  #target = 1;
  #step = 0;

  /** `rampSamples`: how long a change takes, at least 1. */
  constructor(rampSamples: number) {
    this.#rampSamples = Math.max(1, rampSamples);
  }

  /** Starts to move from the present gain towards `gain` (an amplitude ratio of 0 or more). */
  moveTo(gain: number): void {
    this.#target = gain;
    this.#step = (gain - this.#gain) / this.#rampSamples;
  }

  /** Multiplies the samples in place and moves on by their number. */
  apply(samples: Float32Array): void {
    if (this.#gain === 1 && this.#target === 1) return;
    for (let i = 0; i < samples.length; i++) {
      samples[i] = (samples[i] ?? 0) * this.#gain;
      this.#advance();
    }
  }

  #advance(): void {
    if (this.#gain === this.#target) return;
    const next = this.#gain + this.#step;
    const hasArrived = this.#step > 0 ? next >= this.#target : next <= this.#target;
    this.#gain = hasArrived ? this.#target : next;
  }
}

import { createSpectrum, type Spectrum } from "./real-fft";

/**
 * Spectra of two blocks running under a Hann window, from spectra of single blocks behind zeros: half a frame's delay is
 * a change of sign at every other bin, and the window three bins wide. Without the window, what is cut at the blocks'
 * edges would look like an echo without delay.
 */
export class HannFrames {
  readonly #endBin: number;
  #windowed: Spectrum;
  #before: Spectrum;
  readonly #previous: Spectrum;
  readonly #joined: Spectrum;

  constructor({ binCount, endBin }: { binCount: number; endBin: number }) {
    this.#endBin = endBin;
    this.#windowed = createSpectrum(binCount);
    this.#before = createSpectrum(binCount);
    this.#previous = createSpectrum(binCount);
    this.#joined = createSpectrum(binCount);
  }

  get windowed(): Spectrum {
    return this.#windowed;
  }

  /** What `windowed` was before the newest block. */
  get before(): Spectrum {
    return this.#before;
  }

  /** The sum of these is the block. Only the bins from 1 up to `endBin` are made. */
  take(block: Spectrum, more?: Spectrum): void {
    const out = this.#before;
    this.#before = this.#windowed;
    this.#windowed = out;
    this.#join(block.re, more?.re, { previous: this.#previous.re, joined: this.#joined.re, out: out.re });
    this.#join(block.im, more?.im, { previous: this.#previous.im, joined: this.#joined.im, out: out.im });
  }

  #join(
    block: Float32Array,
    more: Float32Array | undefined,
    { previous, joined, out }: { previous: Float32Array; joined: Float32Array; out: Float32Array },
  ): void {
    for (let k = 0; k <= this.#endBin; k++) {
      // An optional read would box each number.
      const value = more === undefined ? (block[k] ?? 0) : (block[k] ?? 0) + (more[k] ?? 0);
      joined[k] = value + (k % 2 === 0 ? 1 : -1) * (previous[k] ?? 0);
      previous[k] = value;
    }
    for (let k = 1; k < this.#endBin; k++)
      out[k] = 0.5 * (joined[k] ?? 0) - 0.25 * ((joined[k - 1] ?? 0) + (joined[k + 1] ?? 0));
  }
}

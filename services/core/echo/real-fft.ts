/** Half of a spectrum: bins 0 to length / 2. */
export interface Spectrum {
  re: Float32Array;
  im: Float32Array;
}

export function createSpectrum(binCount: number): Spectrum {
  return { re: new Float32Array(binCount), im: new Float32Array(binCount) };
}

/**
 * Discrete Fourier transform of real signals of one fixed length: a radix-2 transform of half the length over pairs of
 * samples, taken apart afterwards (Sorensen et al. 1987). `inverse(forward(x))` is x. Keeps its work memory, so one
 * transform serves one caller at a time.
 */
export class RealFft {
  readonly length: number;
  readonly binCount: number;
  readonly #half: number;
  readonly #re: Float32Array;
  readonly #im: Float32Array;
  readonly #cos: Float32Array;
  readonly #sin: Float32Array;
  readonly #swaps: Uint16Array;

  /** `length`: a power of two from 8 to 65,536. */
  constructor(length: number) {
    if (!Number.isInteger(Math.log2(length)) || length < 8 || length > 65_536)
      throw new RangeError(`no power of two between 8 and 65,536: ${length}`);
    this.length = length;
    this.#half = length / 2;
    this.binCount = this.#half + 1;
    this.#re = new Float32Array(this.#half);
    this.#im = new Float32Array(this.#half);
    this.#cos = Float32Array.from({ length: this.#half }, (_, i) => Math.cos((2 * Math.PI * i) / length));
    this.#sin = Float32Array.from({ length: this.#half }, (_, i) => -Math.sin((2 * Math.PI * i) / length));
    this.#swaps = bitReversal(this.#half);
  }

  forward(samples: Float32Array, out: Spectrum): void {
    const half = this.#half;
    for (let i = 0; i < half; i++) {
      const to = this.#swaps[i] ?? 0;
      this.#re[to] = samples[2 * i] ?? 0;
      this.#im[to] = samples[2 * i + 1] ?? 0;
    }
    this.#transform();
    this.#takeApart(out);
  }

  inverse(spectrum: Spectrum, out: Float32Array): void {
    const half = this.#half;
    this.#putTogether(spectrum);
    this.#transform();
    for (let i = 0; i < half; i++) {
      out[2 * i] = (this.#re[i] ?? 0) / half;
      out[2 * i + 1] = -(this.#im[i] ?? 0) / half;
    }
  }

  /** In place, of `half` complex values that already stand in bit-reversed order. */
  #transform(): void {
    const half = this.#half;
    const re = this.#re;
    const im = this.#im;
    const cos = this.#cos;
    const sin = this.#sin;
    for (let size = 2; size <= half; size *= 2) {
      const step = this.length / size;
      for (let start = 0; start < half; start += size) {
        for (let i = start, angle = 0; i < start + size / 2; i++, angle += step) {
          const j = i + size / 2;
          const wr = cos[angle] ?? 0;
          const wi = sin[angle] ?? 0;
          const br = re[j] ?? 0;
          const bi = im[j] ?? 0;
          const tr = wr * br - wi * bi;
          const ti = wr * bi + wi * br;
          const ar = re[i] ?? 0;
          const ai = im[i] ?? 0;
          re[j] = ar - tr;
          im[j] = ai - ti;
          re[i] = ar + tr;
          im[i] = ai + ti;
        }
      }
    }
  }

  /** The spectrum of the even samples and that of the odd ones, joined to that of all. */
  #takeApart(out: Spectrum): void {
    const half = this.#half;
    for (let k = 0; k <= half; k++) {
      const low = k === half ? 0 : k;
      const high = k === 0 ? 0 : half - k;
      const ar = this.#re[low] ?? 0;
      const ai = this.#im[low] ?? 0;
      const br = this.#re[high] ?? 0;
      const bi = -(this.#im[high] ?? 0);
      const evenRe = (ar + br) / 2;
      const evenIm = (ai + bi) / 2;
      const oddRe = (ai - bi) / 2;
      const oddIm = (br - ar) / 2;
      const wr = k === half ? -1 : (this.#cos[k] ?? 0);
      const wi = k === half ? 0 : (this.#sin[k] ?? 0);
      out.re[k] = evenRe + wr * oddRe - wi * oddIm;
      out.im[k] = evenIm + wr * oddIm + wi * oddRe;
    }
  }

  /** The way back; writes the conjugate, so that the forward transform undoes it. */
  #putTogether({ re, im }: Spectrum): void {
    const half = this.#half;
    for (let k = 0; k < half; k++) {
      const ar = re[k] ?? 0;
      const ai = im[k] ?? 0;
      const br = re[half - k] ?? 0;
      const bi = -(im[half - k] ?? 0);
      const evenRe = (ar + br) / 2;
      const evenIm = (ai + bi) / 2;
      const dr = (ar - br) / 2;
      const di = (ai - bi) / 2;
      const wr = this.#cos[k] ?? 0;
      const wi = -(this.#sin[k] ?? 0);
      const oddRe = dr * wr - di * wi;
      const oddIm = dr * wi + di * wr;
      const to = this.#swaps[k] ?? 0;
      this.#re[to] = evenRe - oddIm;
      this.#im[to] = -(evenIm + oddRe);
    }
  }
}

function bitReversal(length: number): Uint16Array {
  const places = new Uint16Array(length);
  for (let i = 1; i < length; i++) places[i] = ((places[i >> 1] ?? 0) >> 1) | (i % 2 === 0 ? 0 : length >> 1);
  return places;
}

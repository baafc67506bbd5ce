import { bandPower, EchoBound } from "./echo-bound";
import { createSpectrum, RealFft, type Spectrum } from "./real-fft";

export interface EchoFilterOptions {
  /** Samples of one block; a power of two. */
  blockSamples: number;
  /** How many blocks long an echo may be. */
  partitionCount: number;
}

/** What one block of the microphone turned out to be. Everything is valid until the next call. */
export interface FilteredBlock {
  /** The microphone less the echo, `blockSamples` long. */
  rest: Float32Array;
  /** The echo as it was foreseen, `blockSamples` long. */
  echo: Float32Array;
  /** Of the rest and of the echo, each behind a block of zeros. */
  restSpectrum: Spectrum;
  echoSpectrum: Spectrum;
  /** Power of the echo that may be left in each bin of `restSpectrum`, as far as the filter knows itself. */
  doubtPower: Float32Array;
  /** Power that the strongest echo has there at most, by the envelopes. */
  limitPower: Float32Array;
}

/** How much of a room stays the same from block to block. */
const KEPT_RATIO = 0.998;
/** Energy of an unknown room's first partition, and how much later ones may lose at least. */
const FIRST_UNCERTAINTY = 0.3;
const UNCERTAINTY_DECAY = 0.75;
/** Of what is heard beside the echo, so much is carried on from block to block. */
const NOISE_SMOOTHING = 0.7;
/** Below 16-bit noise; keeps divisions finite. */
const MIN_POWER = 1e-7;
/** Doubt that always stays, as a share of the first one: otherwise a room without echo could never become one with it. */
const LEAST_UNCERTAINTY_RATIO = 1e-5;
/** Partitions whose circular part is cut off at each block, in turn. */
const CONSTRAINED_PER_BLOCK = 2;

/**
 * Learns how the loudspeaker sounds at the microphone, and foresees it: a partitioned-block Kalman filter in the
 * frequency domain (Enzner and Vary 2006; Kuech, Mabande, Enzner 2014). How uncertain each bin still is and how much
 * else is heard there decide the step, so somebody who speaks over the echo needs no detector of its own.
 */
export class EchoFilter {
  readonly blockSamples: number;
  readonly binCount: number;
  readonly #partitionCount: number;
  readonly #fft: RealFft;
  /** [partition][bin], flat: the room, its uncertainty, and the reference's last spectra in a ring. */
  readonly #weights: Spectrum;
  readonly #uncertainty: Float32Array;
  readonly #references: Spectrum;
  #newest = 0;
  readonly #frame: Float32Array;
  readonly #spectrum: Spectrum;
  readonly #echoSpectrum: Spectrum;
  readonly #restSpectrum: Spectrum;
  readonly #noisePower: Float32Array;
  readonly #doubtPower: Float32Array;
  readonly #limitPower: Float32Array;
  /** 1 over the power that a bin of the rest may have. */
  readonly #perPower: Float64Array;
  readonly #bound: EchoBound;
  readonly #rest: Float32Array;
  readonly #echo: Float32Array;
  #constrainNext = 0;
  /** Band power of the newest reference, two blocks. */
  #playedPower = 0;

  constructor({ blockSamples, partitionCount }: EchoFilterOptions) {
    this.blockSamples = blockSamples;
    this.#partitionCount = partitionCount;
    this.#fft = new RealFft(2 * blockSamples);
    this.binCount = this.#fft.binCount;
    this.#weights = createSpectrum(partitionCount * this.binCount);
    this.#references = createSpectrum(partitionCount * this.binCount);
    this.#uncertainty = new Float32Array(partitionCount * this.binCount);
    this.#frame = new Float32Array(2 * blockSamples);
    this.#spectrum = createSpectrum(this.binCount);
    this.#echoSpectrum = createSpectrum(this.binCount);
    this.#restSpectrum = createSpectrum(this.binCount);
    this.#noisePower = new Float32Array(this.binCount);
    this.#doubtPower = new Float32Array(this.binCount);
    this.#limitPower = new Float32Array(this.binCount);
    this.#perPower = new Float64Array(this.binCount);
    this.#bound = new EchoBound({ partitionCount });
    this.#rest = new Float32Array(blockSamples);
    this.#echo = new Float32Array(blockSamples);
    this.reset();
  }

  /** As new: another room. */
  reset(): void {
    for (const values of [this.#weights.re, this.#weights.im, this.#noisePower]) values.fill(0);
    for (let p = 0; p < this.#partitionCount; p++)
      this.#uncertainty.fill(firstUncertainty(p), p * this.binCount, (p + 1) * this.binCount);
    this.#bound.forget();
    this.silence();
  }

  /** What was played lately is known to the other one. */
  takeReferences(other: EchoFilter): void {
    this.#references.re.set(other.#references.re);
    this.#references.im.set(other.#references.im);
    this.#newest = other.#newest;
  }

  /** The reference has moved: what the envelopes said stood for another place. */
  moved(): void {
    this.#bound.forget();
  }

  /** Nothing was played for as long as an echo can be. The room stays known. */
  silence(): void {
    this.#references.re.fill(0);
    this.#references.im.fill(0);
  }

  /** Nothing came from the microphone while this was played; what is played on is still heard later. */
  skip(reference: Float32Array): void {
    this.#takeReference(reference);
    this.#bound.skip(this.#playedPower / 2);
  }

  /**
   * `reference`: what was played, this block and the one before, 2 × blockSamples; `microphone`: this block.
   * `isLearning`: false while the reference may stand at the wrong place; `isDated`: the client has said where it stands.
   */
  process(
    reference: Float32Array,
    microphone: Float32Array,
    { isLearning, isDated }: { isLearning: boolean; isDated: boolean },
  ): FilteredBlock {
    this.#takeReference(reference);
    this.#separate(microphone, 0);
    this.#bound.observe({
      played: this.#playedPower / 2,
      microphone: bandPower(this.#restSpectrum, this.#echoSpectrum),
      isPlaced: isLearning && isDated,
    });
    this.#measureDoubt(0);
    if (isLearning) this.#learn();
    return this.#block();
  }

  /** A block of so many blocks ago once more, by what is known of the room and of the reference now. Learns nothing. */
  processAgain(microphone: Float32Array, { blocksAgo }: { blocksAgo: number }): FilteredBlock {
    this.#separate(microphone, blocksAgo);
    this.#measureDoubt(blocksAgo);
    return this.#block();
  }

  /** Takes the last blocks' references once more, because they were read at the wrong place; oldest first, as for `process`. */
  replaceReferences(references: readonly Float32Array[]): void {
    this.moved();
    for (const [i, reference] of references.entries()) {
      this.#fft.forward(reference, this.#spectrum);
      const offset = this.#referenceOffset(references.length - 1 - i);
      this.#references.re.set(this.#spectrum.re, offset);
      this.#references.im.set(this.#spectrum.im, offset);
    }
  }

  #block(): FilteredBlock {
    return {
      rest: this.#rest,
      echo: this.#echo,
      restSpectrum: this.#restSpectrum,
      echoSpectrum: this.#echoSpectrum,
      doubtPower: this.#doubtPower,
      limitPower: this.#limitPower,
    };
  }

  #separate(microphone: Float32Array, blocksAgo: number): void {
    this.#foresee(blocksAgo);
    for (let i = 0; i < this.blockSamples; i++) this.#rest[i] = (microphone[i] ?? 0) - (this.#echo[i] ?? 0);
    this.#transform(this.#rest, this.#restSpectrum);
    this.#transform(this.#echo, this.#echoSpectrum);
  }

  #transform(block: Float32Array, out: Spectrum): void {
    this.#frame.fill(0, 0, this.blockSamples);
    this.#frame.set(block, this.blockSamples);
    this.#fft.forward(this.#frame, out);
  }

  #takeReference(reference: Float32Array): void {
    this.#newest = (this.#newest + this.#partitionCount - 1) % this.#partitionCount;
    this.#fft.forward(reference, this.#spectrum);
    this.#playedPower = bandPower(this.#spectrum);
    this.#references.re.set(this.#spectrum.re, this.#newest * this.binCount);
    this.#references.im.set(this.#spectrum.im, this.#newest * this.binCount);
  }

  #referenceOffset(partition: number): number {
    return ((this.#newest + partition) % this.#partitionCount) * this.binCount;
  }

  #foresee(blocksAgo: number): void {
    const { re: outRe, im: outIm } = this.#spectrum;
    outRe.fill(0);
    outIm.fill(0);
    const { re: wRe, im: wIm } = this.#weights;
    const { re: xRe, im: xIm } = this.#references;
    const { binCount } = this;
    for (let p = 0; p < this.#partitionCount - blocksAgo; p++) {
      const w = p * binCount;
      const x = this.#referenceOffset(p + blocksAgo);
      for (let k = 0; k < binCount; k++) {
        const ar = wRe[w + k] ?? 0;
        const ai = wIm[w + k] ?? 0;
        const br = xRe[x + k] ?? 0;
        const bi = xIm[x + k] ?? 0;
        outRe[k] = (outRe[k] ?? 0) + ar * br - ai * bi;
        outIm[k] = (outIm[k] ?? 0) + ar * bi + ai * br;
      }
    }
    this.#fft.inverse(this.#spectrum, this.#frame);
    this.#echo.set(this.#frame.subarray(this.blockSamples));
  }

  #learn(): void {
    this.#measureNoise();
    this.#update();
    for (let i = 0; i < CONSTRAINED_PER_BLOCK; i++) this.#constrain();
  }

  #update(): void {
    const { re: eRe, im: eIm } = this.#restSpectrum;
    const { re: wRe, im: wIm } = this.#weights;
    const { re: xRe, im: xIm } = this.#references;
    const kept = KEPT_RATIO * KEPT_RATIO;
    const uncertainties = this.#uncertainty;
    const perPower = this.#perPower;
    const { binCount } = this;
    for (let k = 0; k < binCount; k++)
      perPower[k] = 1 / ((this.#doubtPower[k] ?? 0) + 2 * (this.#noisePower[k] ?? 0) + MIN_POWER);
    for (let p = 0; p < this.#partitionCount; p++) {
      const least = LEAST_UNCERTAINTY_RATIO * firstUncertainty(p);
      const w = p * binCount;
      const x = this.#referenceOffset(p);
      for (let k = 0; k < binCount; k++) {
        const xr = xRe[x + k] ?? 0;
        const xi = xIm[x + k] ?? 0;
        const er = eRe[k] ?? 0;
        const ei = eIm[k] ?? 0;
        const uncertainty = uncertainties[w + k] ?? 0;
        const step = uncertainty * (perPower[k] ?? 0);
        const wr = (wRe[w + k] ?? 0) + step * (xr * er + xi * ei);
        const wi = (wIm[w + k] ?? 0) + step * (xr * ei - xi * er);
        wRe[w + k] = wr;
        wIm[w + k] = wi;
        const learned = 0.5 * step * (xr * xr + xi * xi);
        const remaining = kept * (1 - learned) * uncertainty + (1 - kept) * (wr * wr + wi * wi);
        uncertainties[w + k] = remaining > least ? remaining : least;
      }
    }
  }

  #measureDoubt(blocksAgo: number): void {
    const { re: xRe, im: xIm } = this.#references;
    const doubtPower = this.#doubtPower.fill(0);
    const limitPower = this.#limitPower.fill(0);
    const uncertainties = this.#uncertainty;
    const { binCount } = this;
    for (let p = 0; p < this.#partitionCount - blocksAgo; p++) {
      const limit = this.#bound.limitRatios[p] ?? 0;
      const w = p * binCount;
      const x = this.#referenceOffset(p + blocksAgo);
      for (let k = 0; k < binCount; k++) {
        const xr = xRe[x + k] ?? 0;
        const xi = xIm[x + k] ?? 0;
        const power = xr * xr + xi * xi;
        doubtPower[k] = (doubtPower[k] ?? 0) + (uncertainties[w + k] ?? 0) * power;
        const most = limit * power;
        if (most > (limitPower[k] ?? 0)) limitPower[k] = most;
      }
    }
  }

  #measureNoise(): void {
    const { re: eRe, im: eIm } = this.#restSpectrum;
    for (let k = 0; k < this.binCount; k++) {
      const power = (eRe[k] ?? 0) ** 2 + (eIm[k] ?? 0) ** 2;
      this.#noisePower[k] = NOISE_SMOOTHING * (this.#noisePower[k] ?? 0) + (1 - NOISE_SMOOTHING) * power;
    }
  }

  /** A room's answer lies in the first half of the frame; what the multiplication wrapped around is cut off. */
  #constrain(): void {
    const at = this.#constrainNext * this.binCount;
    this.#constrainNext = (this.#constrainNext + 1) % this.#partitionCount;
    const re = this.#weights.re.subarray(at, at + this.binCount);
    const im = this.#weights.im.subarray(at, at + this.binCount);
    this.#fft.inverse({ re, im }, this.#frame);
    this.#frame.fill(0, this.blockSamples);
    this.#fft.forward(this.#frame, { re, im });
  }
}

function firstUncertainty(partition: number): number {
  return FIRST_UNCERTAINTY * UNCERTAINTY_DECAY ** partition;
}

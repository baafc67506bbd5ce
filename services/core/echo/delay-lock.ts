import { HannFrames } from "./hann-frames";
import { createSpectrum, RealFft, type Spectrum } from "./real-fft";

/** Each block counts this much less than the one after it: about ten blocks are looked at together. */
const SMOOTHING = 0.9;
/** Where speech is; below and above there is mostly noise. 94 Hz to 3.1 kHz at 16 kHz and 1024 samples. */
const FIRST_BIN = 6;
const END_BIN = 200;
/** Second-order loop: the place follows by a twentieth of the error, the speed by what damps it critically. */
const PLACE_GAIN = 0.05;
const SPEED_GAIN = 0.0006;
/** Two clocks of consumer devices differ by at most this. */
const MAX_DRIFT_PPM = 250;
/** The foreseen echo must look like the microphone this much before it is followed. */
const MIN_COHERENCE = 0.5;
/** Blocks after a start in which the filter knows too little. */
const WARM_UP_BLOCKS = 30;
/** Foreseen power below which nothing can be compared: summed over the bins, −48 dBFS at 1024 samples. */
const MIN_ECHO_POWER = 5;
/** An error larger than this is no drift. */
const MAX_ERROR_SAMPLES = 2;
/** After a start the place is looked for during half a second of sound. */
const SEARCH_BLOCKS = 15;
/** So clear must the peak be, in two blocks running, within a few samples. */
const MIN_PEAK_RATIO = 0.3;
const MAX_PEAK_WANDER_SAMPLES = 3;
/**
 * A place that was found, or kept, while somebody spoke over the start may be wrong: it is, once another is the clearest
 * in so many looks, of which each fourth block has one: a look costs three transforms.
 */
const WRONG_PLACE_LOOKS = 4;
const BLOCKS_PER_LOOK = 4;

/**
 * Keeps the reference in step with the microphone. The playout reports place it within 20 ms, and the two clocks drift;
 * the phase between the foreseen echo and the microphone tells by how much, far below one sample.
 */
export class DelayLock {
  readonly #fft: RealFft;
  readonly #micFrames: HannFrames;
  readonly #echoFrames: HannFrames;
  readonly #cross: Spectrum;
  /** The microphone's frame before against this one's echo, and the other way round. */
  readonly #earlier: Spectrum;
  readonly #later: Spectrum;
  readonly #white: Spectrum;
  readonly #correlation: Float32Array;
  readonly #blockSamples: number;
  /** Of each bin, over the same blocks as `#cross`. */
  readonly #micBinPower: Float32Array;
  readonly #echoBinPower: Float32Array;
  #micPower = 0;
  #echoPower = 0;
  #offsetSamples = 0;
  #speedSamples = 0;
  #blockCount = 0;
  #searchedBlocks = SEARCH_BLOCKS;
  #candidateSamples: number | undefined;
  /** In which the candidate was clearer than the place that is followed. */
  #candidateLooks = 0;

  constructor(options: { blockSamples: number }) {
    this.#blockSamples = options.blockSamples;
    this.#fft = new RealFft(2 * options.blockSamples);
    this.#micFrames = new HannFrames({ binCount: this.#fft.binCount, endBin: END_BIN });
    this.#echoFrames = new HannFrames({ binCount: this.#fft.binCount, endBin: END_BIN });
    this.#cross = createSpectrum(this.#fft.binCount);
    this.#earlier = createSpectrum(this.#fft.binCount);
    this.#later = createSpectrum(this.#fft.binCount);
    this.#white = createSpectrum(this.#fft.binCount);
    this.#correlation = new Float32Array(this.#fft.length);
    this.#micBinPower = new Float32Array(this.#fft.binCount);
    this.#echoBinPower = new Float32Array(this.#fft.binCount);
  }

  /** To be added to the place at which the reference is read, samples. */
  get offsetSamples(): number {
    return this.#offsetSamples;
  }

  /** How much faster the microphone's clock runs than the speaker's; negative: slower. */
  get driftPpm(): number {
    return (-this.#speedSamples / this.#blockSamples) * 1e6;
  }

  /** False after a start, until the place has been found or half a second of sound has not shown it. */
  get isCertain(): boolean {
    return this.#searchedBlocks >= SEARCH_BLOCKS;
  }

  /** Enough of an echo is foreseen to find its place. */
  get isHeard(): boolean {
    return this.#echoPower > MIN_ECHO_POWER;
  }

  /** The speaker starts again; where exactly is to be found. The drift is remembered. */
  restart(): void {
    this.#forget();
    this.#candidateSamples = undefined;
    if (this.#blockCount >= WARM_UP_BLOCKS) this.#searchedBlocks = 0;
  }

  /** The echo is foreseen in another way from now on, at the same place. */
  roomChanged(): void {
    this.#forget();
  }

  /** A block in which nothing could be heard: the clocks drift on. */
  skip(): void {
    this.#offsetSamples += this.#speedSamples;
    this.#forget();
  }

  /**
   * After each block in which the speaker was heard. The spectra stand for the block behind as many zeros.
   * Returns true when the place has jumped, so that the blocks before were read at the wrong one.
   */
  observe(rest: Spectrum, echo: Spectrum): boolean {
    this.#offsetSamples += this.#speedSamples;
    this.#accumulate(rest, echo);
    this.#blockCount++;
    if (this.#blockCount < WARM_UP_BLOCKS) return false;
    if (!this.isCertain) return this.isHeard && this.#search();
    this.#follow();
    return this.isHeard && this.#blockCount % BLOCKS_PER_LOOK === 0 && this.#doubt();
  }

  #follow(): void {
    const { errorSamples, coherence } = this.#measure();
    if (coherence < MIN_COHERENCE || Math.abs(errorSamples) > MAX_ERROR_SAMPLES) return;
    const maxSpeed = MAX_DRIFT_PPM * 1e-6 * this.#blockSamples;
    this.#speedSamples = Math.max(-maxSpeed, Math.min(maxSpeed, this.#speedSamples + SPEED_GAIN * errorSamples));
    this.#offsetSamples += PLACE_GAIN * errorSamples;
  }

  /** Moves by whole samples to where the whitened correlation has its peak. Returns whether it moved. */
  #search(): boolean {
    this.#searchedBlocks++;
    const { lagSamples, ratio } = this.#bestPeak();
    const previous = this.#candidateSamples;
    this.#candidateSamples = ratio < MIN_PEAK_RATIO ? undefined : lagSamples;
    if (previous === undefined || ratio < MIN_PEAK_RATIO) return false;
    if (Math.abs(lagSamples - previous) > MAX_PEAK_WANDER_SAMPLES) return false;
    this.#move(lagSamples);
    this.#searchedBlocks = SEARCH_BLOCKS;
    return lagSamples !== 0;
  }

  /** Moves when the echo has stood somewhere else for a while. Returns whether it moved. */
  #doubt(): boolean {
    const { lagSamples, ratio } = this.#bestPeak();
    const previous = this.#candidateSamples;
    const isElsewhere = ratio >= MIN_PEAK_RATIO && Math.abs(lagSamples) > MAX_PEAK_WANDER_SAMPLES;
    const isSame = previous !== undefined && Math.abs(lagSamples - previous) <= MAX_PEAK_WANDER_SAMPLES;
    this.#candidateSamples = isElsewhere ? lagSamples : undefined;
    this.#candidateLooks = isElsewhere ? (isSame ? this.#candidateLooks : 0) + 1 : 0;
    if (this.#candidateLooks < WRONG_PLACE_LOOKS) return false;
    this.#move(lagSamples);
    return true;
  }

  #move(lagSamples: number): void {
    this.#offsetSamples -= lagSamples;
    this.#candidateSamples = undefined;
    this.#candidateLooks = 0;
    this.#forget();
  }

  #forget(): void {
    for (const { re, im } of [this.#cross, this.#earlier, this.#later]) {
      re.fill(0);
      im.fill(0);
    }
    this.#micBinPower.fill(0);
    this.#echoBinPower.fill(0);
    this.#micPower = this.#echoPower = 0;
  }

  #accumulate(rest: Spectrum, echo: Spectrum): void {
    this.#micFrames.take(rest, echo);
    this.#echoFrames.take(echo);
    const mic = this.#micFrames.windowed;
    const foreseen = this.#echoFrames.windowed;
    addCross(this.#cross, mic, foreseen);
    addCross(this.#earlier, this.#micFrames.before, foreseen);
    addCross(this.#later, mic, this.#echoFrames.before);
    this.#micPower = addPower(this.#micBinPower, mic);
    this.#echoPower = addPower(this.#echoBinPower, foreseen);
  }

  /** Slope of the phase: by how much the reference must be read later, samples. Strong bins count more. */
  #measure(): { errorSamples: number; coherence: number } {
    let slope = 0;
    let weight = 0;
    let magnitude = 0;
    for (let k = FIRST_BIN; k < END_BIN; k++) {
      const re = this.#cross.re[k] ?? 0;
      const im = this.#cross.im[k] ?? 0;
      const size = Math.sqrt(re * re + im * im);
      magnitude += size;
      slope += Math.sqrt(size) * k * Math.atan2(im, re);
      weight += Math.sqrt(size) * k * k;
    }
    if (weight === 0) return { errorSamples: 0, coherence: 0 };
    return {
      errorSamples: ((slope / weight) * this.#fft.length) / (2 * Math.PI),
      coherence: magnitude / Math.sqrt(this.#micPower * this.#echoPower),
    };
  }

  /** A frame sees lags of half its length; compared with the frame before and after, twice as many. */
  #bestPeak(): Peak {
    const peaks = [
      this.#peak(this.#cross, 0),
      this.#peak(this.#earlier, -this.#blockSamples),
      this.#peak(this.#later, this.#blockSamples),
    ];
    return peaks.reduce((best, peak) => (peak.ratio > best.ratio ? peak : best));
  }

  /**
   * Of the whitened correlation, in which a bin counts as far as the echo can account for what the microphone hears there: a
   * voice over it is louder elsewhere. `ratio` is 1 for two signals that are the same but for the lag, 0.2 to 0.3 for strangers.
   */
  #peak(cross: Spectrum, frameLagSamples: number): Peak {
    let squares = 0;
    for (let k = FIRST_BIN; k < END_BIN; k++) {
      const re = cross.re[k] ?? 0;
      const im = cross.im[k] ?? 0;
      const size = Math.sqrt(re * re + im * im);
      const weight = size === 0 ? 0 : Math.min(1, (this.#echoBinPower[k] ?? 0) / (this.#micBinPower[k] ?? 0));
      squares += weight * weight;
      this.#white.re[k] = size === 0 ? 0 : (weight * re) / size;
      this.#white.im[k] = size === 0 ? 0 : (weight * im) / size;
    }
    if (squares === 0) return { lagSamples: frameLagSamples, ratio: 0 };
    this.#fft.inverse(this.#white, this.#correlation);
    const { lagSamples, value } = peakOf(this.#correlation);
    const ratio = (value * this.#fft.length) / (2 * Math.sqrt(squares * (END_BIN - FIRST_BIN)));
    return { lagSamples: lagSamples + frameLagSamples, ratio };
  }
}

interface Peak {
  lagSamples: number;
  ratio: number;
}

function addCross(cross: Spectrum, mic: Spectrum, echo: Spectrum): void {
  for (let k = FIRST_BIN; k < END_BIN; k++) {
    const micRe = mic.re[k] ?? 0;
    const micIm = mic.im[k] ?? 0;
    const echoRe = echo.re[k] ?? 0;
    const echoIm = echo.im[k] ?? 0;
    cross.re[k] = SMOOTHING * (cross.re[k] ?? 0) + micRe * echoRe + micIm * echoIm;
    cross.im[k] = SMOOTHING * (cross.im[k] ?? 0) + micIm * echoRe - micRe * echoIm;
  }
}

/** Returns the sum over the bins. */
function addPower(power: Float32Array, { re, im }: Spectrum): number {
  let sum = 0;
  for (let k = FIRST_BIN; k < END_BIN; k++) {
    const added = SMOOTHING * (power[k] ?? 0) + (re[k] ?? 0) ** 2 + (im[k] ?? 0) ** 2;
    power[k] = added;
    sum += added;
  }
  return sum;
}

/** The largest value of a circular correlation; the second half holds negative lags. */
function peakOf(correlation: Float32Array): { lagSamples: number; value: number } {
  let at = 0;
  for (let i = 1; i < correlation.length; i++) if ((correlation[i] ?? 0) > (correlation[at] ?? 0)) at = i;
  return { lagSamples: at < correlation.length / 2 ? at : at - correlation.length, value: correlation[at] ?? 0 };
}

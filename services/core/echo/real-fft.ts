/** Half of a spectrum: bins 0 to length / 2. */
export interface Spectrum {
  re: Float32Array;
  im: Float32Array;
}

export function createSpectrum(binCount: number): Spectrum {
  return { re: new Float32Array(binCount), im: new Float32Array(binCount) };
}

interface ComplexValues {
  re: Float64Array;
  im: Float64Array;
}

/** What all transforms of one length share, and never write to. */
interface FftPlan {
  /** Bit-reversed places of `half` values. */
  swaps: Uint16Array;
  /** Those of radix 4, in order. */
  stages: readonly Stage[];
  /** cos(2πk / length) and −sin of it, for k up to a half of `half`. */
  cos: Float64Array;
  sin: Float64Array;
}

interface Stage {
  /** Distance of the four values of a butterfly. */
  quarter: number;
  /** Of each butterfly the factors of its second, third and fourth value, real and imaginary. */
  factors: Float64Array;
}

const FACTORS_PER_BUTTERFLY = 6;
const plans = new Map<number, FftPlan>();

/**
 * Discrete Fourier transform of real signals of one fixed length: a transform of half the length over pairs of samples, taken
 * apart afterwards (Sorensen et al. 1987). Radix 4, after one stage of radix 2 where the length asks for it.
 * `inverse(forward(x))` is x. Keeps its work memory, so one transform serves one caller at a time.
 */
export class RealFft {
  readonly length: number;
  readonly binCount: number;
  readonly #half: number;
  /** Double precision: the CPU computes in it anyway. */
  readonly #values: ComplexValues;
  readonly #plan: FftPlan;

  /** `length`: a power of two from 8 to 65,536. */
  constructor(length: number) {
    if (!Number.isInteger(Math.log2(length)) || length < 8 || length > 65_536)
      throw new RangeError(`no power of two between 8 and 65,536: ${length}`);
    this.length = length;
    this.#half = length / 2;
    this.binCount = this.#half + 1;
    this.#values = { re: new Float64Array(this.#half), im: new Float64Array(this.#half) };
    this.#plan = plans.get(length) ?? createPlan(length);
    plans.set(length, this.#plan);
  }

  forward(samples: Float32Array, out: Spectrum): void {
    const half = this.#half;
    const { swaps } = this.#plan;
    const { re, im } = this.#values;
    for (let i = 0; i < half; i++) {
      const to = swaps[i] ?? 0;
      re[to] = samples[2 * i] ?? 0;
      im[to] = samples[2 * i + 1] ?? 0;
    }
    this.#transform();
    this.#takeApart(out);
  }

  inverse(spectrum: Spectrum, out: Float32Array): void {
    const half = this.#half;
    const { re, im } = this.#values;
    this.#putTogether(spectrum);
    this.#transform();
    const scale = 1 / half;
    for (let i = 0; i < half; i++) {
      out[2 * i] = (re[i] ?? 0) * scale;
      out[2 * i + 1] = -(im[i] ?? 0) * scale;
    }
  }

  /** In place, of `half` complex values that already stand in bit-reversed order. */
  #transform(): void {
    if (hasPairs(this.#half)) pairUp(this.#values);
    for (const stage of this.#plan.stages) stage4(this.#values, stage);
  }

  /** The spectrum of the even samples and that of the odd ones, joined to that of all; two bins at a time, as they mirror. */
  #takeApart(out: Spectrum): void {
    const half = this.#half;
    const { re, im } = this.#values;
    const { cos, sin } = this.#plan;
    const { re: outRe, im: outIm } = out;
    outRe[0] = (re[0] ?? 0) + (im[0] ?? 0);
    outRe[half] = (re[0] ?? 0) - (im[0] ?? 0);
    outIm[0] = outIm[half] = 0;
    for (let k = 1; k <= half / 2; k++) {
      const ar = re[k] ?? 0;
      const ai = im[k] ?? 0;
      const br = re[half - k] ?? 0;
      const bi = im[half - k] ?? 0;
      const evenRe = (ar + br) / 2;
      const evenIm = (ai - bi) / 2;
      const oddRe = (ai + bi) / 2;
      const oddIm = (br - ar) / 2;
      const wr = cos[k] ?? 0;
      const wi = sin[k] ?? 0;
      const turnedRe = wr * oddRe - wi * oddIm;
      const turnedIm = wr * oddIm + wi * oddRe;
      outRe[k] = evenRe + turnedRe;
      outIm[k] = evenIm + turnedIm;
      outRe[half - k] = evenRe - turnedRe;
      outIm[half - k] = turnedIm - evenIm;
    }
  }

  /** The way back; writes the conjugate, so that the forward transform undoes it. */
  #putTogether(spectrum: Spectrum): void {
    const half = this.#half;
    const { re, im } = this.#values;
    const { cos, sin, swaps } = this.#plan;
    const { re: inRe, im: inIm } = spectrum;
    for (let k = 0; k <= half / 2; k++) {
      const ar = inRe[k] ?? 0;
      const ai = inIm[k] ?? 0;
      const br = inRe[half - k] ?? 0;
      const bi = inIm[half - k] ?? 0;
      const evenRe = (ar + br) / 2;
      const evenIm = (ai - bi) / 2;
      const dr = (ar - br) / 2;
      const di = (ai + bi) / 2;
      const wr = cos[k] ?? 0;
      const wi = -(sin[k] ?? 0);
      const oddRe = dr * wr - di * wi;
      const oddIm = dr * wi + di * wr;
      const to = swaps[k] ?? 0;
      re[to] = evenRe - oddIm;
      im[to] = -(evenIm + oddRe);
      if (k === 0) continue;
      const mirrored = swaps[half - k] ?? 0;
      re[mirrored] = evenRe + oddIm;
      im[mirrored] = evenIm - oddRe;
    }
  }
}

/** The stage of radix 2: its factors are 1. */
function pairUp({ re, im }: ComplexValues): void {
  for (let i = 0; i < re.length; i += 2) {
    const ar = re[i] ?? 0;
    const ai = im[i] ?? 0;
    const br = re[i + 1] ?? 0;
    const bi = im[i + 1] ?? 0;
    re[i] = ar + br;
    im[i] = ai + bi;
    re[i + 1] = ar - br;
    im[i + 1] = ai - bi;
  }
}

/** One stage of radix 4. */
function stage4({ re, im }: ComplexValues, { quarter, factors }: Stage): void {
  for (let start = 0; start < re.length; start += 4 * quarter) {
    for (let i = start, f = 0; i < start + quarter; i++, f += FACTORS_PER_BUTTERFLY) {
      const j = i + quarter;
      const k = j + quarter;
      const l = k + quarter;
      const ar = re[i] ?? 0;
      const ai = im[i] ?? 0;
      const br = re[j] ?? 0;
      const bi = im[j] ?? 0;
      const cr = re[k] ?? 0;
      const ci = im[k] ?? 0;
      const dr = re[l] ?? 0;
      const di = im[l] ?? 0;
      const br1 = factors[f] ?? 0;
      const bi1 = factors[f + 1] ?? 0;
      const cr1 = factors[f + 2] ?? 0;
      const ci1 = factors[f + 3] ?? 0;
      const dr1 = factors[f + 4] ?? 0;
      const di1 = factors[f + 5] ?? 0;
      const tbr = br * br1 - bi * bi1;
      const tbi = br * bi1 + bi * br1;
      const tcr = cr * cr1 - ci * ci1;
      const tci = cr * ci1 + ci * cr1;
      const tdr = dr * dr1 - di * di1;
      const tdi = dr * di1 + di * dr1;
      const nearRe = ar + tbr;
      const nearIm = ai + tbi;
      const farRe = ar - tbr;
      const farIm = ai - tbi;
      const sumRe = tcr + tdr;
      const sumIm = tci + tdi;
      const differenceRe = tcr - tdr;
      const differenceIm = tci - tdi;
      re[i] = nearRe + sumRe;
      im[i] = nearIm + sumIm;
      re[j] = farRe + differenceIm;
      im[j] = farIm - differenceRe;
      re[k] = nearRe - sumRe;
      im[k] = nearIm - sumIm;
      re[l] = farRe - differenceIm;
      im[l] = farIm + differenceRe;
    }
  }
}

function createPlan(length: number): FftPlan {
  const half = length / 2;
  const stages: Stage[] = [];
  for (let quarter = hasPairs(half) ? 2 : 1; quarter < half; quarter *= 4)
    stages.push({ quarter, factors: factorsOf(quarter) });
  const angles = Float64Array.from({ length: half / 2 + 1 }, (_, k) => (2 * Math.PI * k) / length);
  return {
    swaps: bitReversal(half),
    stages,
    cos: angles.map((angle) => Math.cos(angle)),
    sin: angles.map((angle) => -Math.sin(angle)),
  };
}

/** Where no power of four is reached by radix 4 alone. */
function hasPairs(length: number): boolean {
  return Math.log2(length) % 2 === 1;
}

function factorsOf(quarter: number): Float64Array {
  const turns = Array.from({ length: quarter }, (_, i) => [2, 1, 3].map((times) => (times * i) / (4 * quarter))).flat();
  return Float64Array.from(turns.flatMap((turn) => [Math.cos(2 * Math.PI * turn), -Math.sin(2 * Math.PI * turn)]));
}

function bitReversal(length: number): Uint16Array {
  const places = new Uint16Array(length);
  for (let i = 1; i < length; i++) places[i] = ((places[i >> 1] ?? 0) >> 1) | (i % 2 === 0 ? 0 : length >> 1);
  return places;
}

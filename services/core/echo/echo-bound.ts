import type { Spectrum } from "./real-fft";

/** 312 Hz to 3.4 kHz at 16 kHz and 1024 samples: what small loudspeakers play and voices have. */
const FIRST_BIN = 20;
const END_BIN = 218;
/** Echo may be this much stronger than it was ever heard: 10 dB for echoes that cancel each other, and for other bins. */
const HEADROOM = 10;
/** What was found fades by so much with each block: 10 dB in 1.5 s. A room changes, a place was wrong. */
const FADING = 1.05;
/** Band power of a block of −50 dBFS: quieter than this nothing is said about the room. */
const MIN_PLAYED_POWER = 5;
/** No echo is stronger, delay by delay: as loud as what is played, and the headroom. */
const MAX_RATIO = HEADROOM;
/** Delays from here on, 0.29 s, are the tail of earlier echoes: never stronger than the strongest of these. */
const TAIL_FROM = 9;
/** Less than this comes out of no microphone that is on. */
const MIN_MIC_POWER = 1e-6;

/**
 * How strong the echo can be at most, by the envelopes alone: where the microphone is quiet although something loud was
 * played so long before, no echo of that delay is in the room. Needs no room to be learned: headphones are known as soon
 * as the microphone has been quiet once under each delay.
 */
export class EchoBound {
  /** Of each delay in blocks: power at the microphone per power played; 10 while nothing is known. */
  readonly limitRatios: Float32Array;
  readonly #playedPowers: Float32Array;
  #lastMicPower = Infinity;

  constructor({ partitionCount }: { partitionCount: number }) {
    this.limitRatios = new Float32Array(partitionCount).fill(MAX_RATIO);
    this.#playedPowers = new Float32Array(partitionCount + 1);
  }

  /** What was played stands at another place than was thought. */
  forget(): void {
    this.limitRatios.fill(MAX_RATIO);
    this.#playedPowers.fill(0);
    this.#lastMicPower = Infinity;
  }

  /** Nothing came from the microphone. `played` as in `observe`. */
  skip(played: number): void {
    this.#takePlayed(played);
    this.#lastMicPower = Infinity;
  }

  /**
   * Band powers of a block, as `bandPower` gives them. `played` stands for this block and the one before, on average.
   * `isPlaced`: it is known when it was played.
   */
  observe({ played, microphone, isPlaced }: { played: number; microphone: number; isPlaced: boolean }): void {
    this.#takePlayed(played);
    const heard = Math.max(microphone, this.#lastMicPower);
    this.#lastMicPower = microphone;
    let strongest = 0;
    for (let delay = 0; delay < this.limitRatios.length; delay++) {
      const known = Math.min(MAX_RATIO, (this.limitRatios[delay] ?? MAX_RATIO) * FADING);
      const least = this.#leastPlayed(delay);
      const isTelling = isPlaced && least > MIN_PLAYED_POWER && microphone > MIN_MIC_POWER;
      const found = isTelling ? Math.min(known, (HEADROOM * heard) / least) : known;
      if (delay < TAIL_FROM) strongest = Math.max(strongest, found);
      this.limitRatios[delay] = delay < TAIL_FROM ? found : Math.min(found, strongest);
    }
  }

  #takePlayed(played: number): void {
    this.#playedPowers.copyWithin(1, 0);
    this.#playedPowers[0] = played;
  }

  /** The place is known to half a block: whatever lies around it must have been loud. */
  #leastPlayed(delay: number): number {
    const powers = this.#playedPowers;
    return Math.min(powers[Math.max(0, delay - 1)] ?? 0, powers[delay] ?? 0, powers[delay + 1] ?? 0);
  }
}

/** Power of the sum of these spectra where voices are. */
export function bandPower({ re, im }: Spectrum, more?: Spectrum): number {
  if (more !== undefined) return bandPowerOfSum({ re, im }, more);
  let power = 0;
  for (let k = FIRST_BIN; k < END_BIN; k++) power += (re[k] ?? 0) ** 2 + (im[k] ?? 0) ** 2;
  return power;
}

function bandPowerOfSum({ re, im }: Spectrum, { re: moreRe, im: moreIm }: Spectrum): number {
  let power = 0;
  for (let k = FIRST_BIN; k < END_BIN; k++)
    power += ((re[k] ?? 0) + (moreRe[k] ?? 0)) ** 2 + ((im[k] ?? 0) + (moreIm[k] ?? 0)) ** 2;
  return power;
}

import type { FilteredBlock } from "./echo-filter";

/** 94 Hz to 3.9 kHz at 16 kHz and 1024 samples: where voices differ from hiss and hum. */
const FIRST_BIN = 6;
const END_BIN = 250;
/** An echo rings on: from block to block so much of its power is still expected. */
const RINGING_RATIO = 0.6;
/** The share of an echo that usually stays: followed by so much at each block, up or down, within these bounds. */
const LEAK_STEP = 1.03;
const MIN_LEAK = 0.01;
const MAX_LEAK = 0.3;
/** So much more than usual may stay and still be echo. */
const LEAK_HEADROOM = 6;
/** While the place of the echo is not certain, foreseen and real echo add up instead of cancelling. */
const UNPLACED_RATIO = 3;
/** The filter's own doubt is an upper bound; so much of it is expected. */
const DOUBT_SHARE = 0.7;
/** Foreseen power below which there is no echo to speak of. */
const MIN_ECHO_POWER = 1e-2;

/**
 * How much of what is left beside the foreseen echo is somebody else: power above what the echo could have left, as a
 * share of the rest. Learns how much of the echo usually stays (a loudspeaker distorts, a room moves).
 */
export class NearVoice {
  readonly #ringing: Float32Array;
  #leakRatio = MAX_LEAK;

  constructor(options: { binCount: number }) {
    this.#ringing = new Float32Array(options.binCount);
  }

  /** Share of the foreseen echo's power that usually stays, 0.01 to 0.3; somebody who speaks over it changes it slowly. */
  get leakRatio(): number {
    return this.#leakRatio;
  }

  /** 0: all of it may be echo; 1: none. `isPlaced`: the echo is foreseen at the right place in time. */
  measure(block: FilteredBlock, { isPlaced }: { isPlaced: boolean }): number {
    const { restSpectrum, echoSpectrum, doubtPower, limitPower } = block;
    const staying = isPlaced ? LEAK_HEADROOM * this.#leakRatio : UNPLACED_RATIO;
    let restPower = 0;
    let ringingPower = 0;
    let nearPower = 0;
    for (let k = FIRST_BIN; k < END_BIN; k++) {
      const rest = (restSpectrum.re[k] ?? 0) ** 2 + (restSpectrum.im[k] ?? 0) ** 2;
      const echo = (echoSpectrum.re[k] ?? 0) ** 2 + (echoSpectrum.im[k] ?? 0) ** 2;
      const ringing = Math.max(echo, (this.#ringing[k] ?? 0) * RINGING_RATIO);
      this.#ringing[k] = ringing;
      restPower += rest;
      ringingPower += ringing;
      const expected = Math.max(DOUBT_SHARE * (doubtPower[k] ?? 0), staying * ringing);
      const maxEcho = Math.min(expected, limitPower[k] ?? Infinity);
      nearPower += Math.max(0, rest - maxEcho);
    }
    if (isPlaced && ringingPower > MIN_ECHO_POWER) {
      const step = restPower > this.#leakRatio * ringingPower ? LEAK_STEP : 1 / LEAK_STEP;
      this.#leakRatio = Math.max(MIN_LEAK, Math.min(MAX_LEAK, this.#leakRatio * step));
    }
    return restPower === 0 ? 0 : nearPower / restPower;
  }

  reset(): void {
    this.#ringing.fill(0);
    this.#leakRatio = MAX_LEAK;
  }
}

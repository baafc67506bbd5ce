import { gainToDb } from "#contracts/units";
import type { EchoLevels } from "../ports/echo-canceller";

/** A second: the echo of a word comes up to a quarter of a second after it. */
const SMOOTHING = 0.97;
/** Quieter than this the agent pauses, dBFS. */
const MIN_PLAYED_DB = -50;

/**
 * How much of what is played the canceller leaves in the microphone: the foreseen echo, over about a second, and the share
 * of it that usually stays. What is left itself would count somebody who speaks over it as echo.
 */
export class EchoStrength {
  #playedPower = 0;
  #echoPower = 0;

  /** dB; undefined while too little is played to tell. */
  add({ played, echo, leakRatio }: EchoLevels): number | undefined {
    this.#playedPower = SMOOTHING * this.#playedPower + (1 - SMOOTHING) * played * played;
    this.#echoPower = SMOOTHING * this.#echoPower + (1 - SMOOTHING) * echo * echo;
    if (gainToDb(Math.sqrt(this.#playedPower)) < MIN_PLAYED_DB) return undefined;
    return gainToDb(Math.sqrt((leakRatio * this.#echoPower) / this.#playedPower));
  }
}

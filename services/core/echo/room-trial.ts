import { rms } from "../audio/pcm";
import { EchoFilter, type EchoFilterOptions } from "./echo-filter";

/** So many windows running in which somebody seems to speak over the agent, before a trial is worth its computing: 96 ms. */
const DOUBTFUL_WINDOWS = 3;
/** It ends when nobody seems to have spoken for a second. */
const MAX_QUIET_WINDOWS = 30;
/** The new filter has learned something after 0.2 s, and is compared over as long. */
const MIN_WINDOWS = 6;
const SMOOTHING = 0.8;
/** It must leave 3 dB less: nobody who speaks can be foreseen from what is played, so only an echo can be. */
const WON_RATIO = 0.5;
/** −50 dBFS: there is nothing to explain below. */
const MIN_REST = 3e-3;

/** One window, and what the filter in use makes of it. */
export interface TriedWindow {
  /** As for `EchoFilter.process`. */
  reference: Float32Array;
  microphone: Float32Array;
  isDated: boolean;
  /** RMS of what the filter in use left. */
  rest: number;
  /** Share of somebody else in that, 0 to 1. */
  nearRatio: number;
}

/**
 * Whether what sounds like somebody over the agent is the agent in a room that is no longer the one that was learned:
 * headphones are off, another microphone is in use. A filter that knows nothing learns it anew beside the one in use.
 */
export class RoomTrial {
  readonly #options: EchoFilterOptions;
  /** Made when it is first needed: 0.2 MB. */
  #filter: EchoFilter | undefined;
  #isRunning = false;
  #doubtfulWindows = 0;
  #quietWindows = 0;
  #windowCount = 0;
  #ownPower = 0;
  #usedPower = 0;

  constructor(options: EchoFilterOptions) {
    this.#options = options;
  }

  /** After each window that was learned from. Returns the better filter, once there is one; the one in use is taken for it. */
  observe(used: EchoFilter, window: TriedWindow): EchoFilter | undefined {
    const isDoubtful = window.nearRatio > 0.5 && window.rest > MIN_REST;
    this.#doubtfulWindows = isDoubtful ? this.#doubtfulWindows + 1 : 0;
    this.#quietWindows = isDoubtful ? 0 : this.#quietWindows + 1;
    if (!this.#isRunning) {
      if (this.#doubtfulWindows >= DOUBTFUL_WINDOWS) this.#start(used);
      return undefined;
    }
    if (this.#quietWindows > MAX_QUIET_WINDOWS) this.stop();
    else if (this.#filter !== undefined && this.#isWon(this.#filter, window)) return this.#exchange(this.#filter, used);
    return undefined;
  }

  /** What was played stands elsewhere, or nothing is heard. */
  stop(): void {
    this.#isRunning = false;
    this.#doubtfulWindows = 0;
  }

  #start(used: EchoFilter): void {
    this.#filter ??= new EchoFilter(this.#options);
    this.#filter.reset();
    this.#filter.takeReferences(used);
    this.#isRunning = true;
    this.#windowCount = 0;
    this.#ownPower = this.#usedPower = 0;
  }

  #isWon(filter: EchoFilter, { reference, microphone, isDated, rest }: TriedWindow): boolean {
    const own = filter.process(reference, microphone, { isLearning: true, isDated });
    this.#ownPower = SMOOTHING * this.#ownPower + rms(own.rest) ** 2;
    this.#usedPower = SMOOTHING * this.#usedPower + rest ** 2;
    this.#windowCount++;
    return this.#windowCount >= MIN_WINDOWS && this.#ownPower < WON_RATIO * this.#usedPower;
  }

  #exchange(better: EchoFilter, used: EchoFilter): EchoFilter {
    this.#filter = used;
    this.stop();
    return better;
  }
}

import { msToSamples } from "#contracts/units";

/** Longer gaps, and a client that counts anew, are no gaps in the sound, ms. */
const MAX_GAP_MS = 500;

/**
 * Keeps a microphone's sound as long as the time in which it was made, by the client's sample index: silence where frames were
 * left out, nothing where one comes twice. Pauses keep their length, and an echo its distance. A clock that jumps is followed.
 */
export class MicContinuity {
  readonly #maxGapSamples: number;
  #lastIndex: number | undefined;
  #nextIndex = 0;

  constructor(sampleRateHz: number) {
    this.#maxGapSamples = msToSamples(MAX_GAP_MS, sampleRateHz);
  }

  /** What the frame adds to the sound so far. */
  join({ sampleIndex, pcm }: { sampleIndex: number; pcm: Int16Array }): Int16Array[] {
    if (sampleIndex === this.#lastIndex) return [];
    const gapSamples = this.#lastIndex === undefined ? 0 : sampleIndex - this.#nextIndex;
    this.#lastIndex = sampleIndex;
    this.#nextIndex = sampleIndex + pcm.length;
    return gapSamples > 0 && gapSamples <= this.#maxGapSamples ? [new Int16Array(gapSamples), pcm] : [pcm];
  }
}

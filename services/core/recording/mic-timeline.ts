import { msToSamples } from "#contracts/units";

/** A client whose frames are this far from when they came has lost its place; what it says now happens now. */
const MAX_SKEW_MS = 2_000;

/**
 * Where the microphone's frames belong on the clock of a recording. The client's own sample index places them, so that
 * frames that come late or in a burst stay where they were said, and what was never sent is a gap.
 */
export class MicTimeline {
  readonly #rateHz: number;
  /** Position of the client's sample 0. */
  #offsetSamples: number | undefined;
  #endSample = 0;

  constructor(sampleRateHz: number) {
    this.#rateHz = sampleRateHz;
  }

  /** Where the frame begins, in samples since the recording began; undefined when its place has been written already. `atMs`: when its last sample came. */
  place(frame: { sampleIndex: number; sampleCount: number }, atMs: number): number | undefined {
    const nowSample = Math.max(frame.sampleCount, msToSamples(atMs, this.#rateHz));
    const offset = (this.#offsetSamples ??= nowSample - frame.sampleCount - frame.sampleIndex);
    let start = offset + frame.sampleIndex;
    const skewSamples = Math.abs(nowSample - start - frame.sampleCount);
    if (start < this.#endSample || skewSamples > msToSamples(MAX_SKEW_MS, this.#rateHz)) {
      start = nowSample - frame.sampleCount;
      if (start < this.#endSample) return undefined;
      this.#offsetSamples = start - frame.sampleIndex;
    }
    this.#endSample = start + frame.sampleCount;
    return start;
  }
}

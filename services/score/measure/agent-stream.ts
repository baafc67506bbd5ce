import { gainToDb } from "#contracts/units";
import type { ReceivedFrame } from "#core/talk/talk-recording";

/** The agent's voice by its own sample clock. Of what came twice the first copy counts, as in the player. */
export class AgentStream {
  readonly #frames: ReceivedFrame[];

  constructor(frames: readonly ReceivedFrame[]) {
    const seen = new Set<number>();
    this.#frames = frames
      .filter(({ sampleIndex, pcm }) => pcm.length > 0 && !seen.has(sampleIndex) && seen.add(sampleIndex))
      .sort((a, b) => a.sampleIndex - b.sampleIndex);
  }

  /** The turn that the sample belongs to. */
  turnAt(sample: number): number | undefined {
    const frame = this.#frames[this.#indexAt(sample)];
    return frame !== undefined && sample < frame.sampleIndex + frame.pcm.length ? frame.turn : undefined;
  }

  /** RMS from one sample to before the other, dBFS; what did not come is silence. */
  levelDb(fromSample: number, toSample: number): number {
    let energy = 0;
    for (let index = Math.max(0, this.#indexAt(fromSample)); index < this.#frames.length; index++) {
      const frame = this.#frames[index];
      if (frame === undefined || frame.sampleIndex >= toSample) break;
      const part = frame.pcm.subarray(
        Math.max(0, fromSample - frame.sampleIndex),
        Math.max(0, toSample - frame.sampleIndex),
      );
      for (const sample of part) energy += sample * sample;
    }
    return gainToDb(Math.sqrt(energy / Math.max(1, toSample - fromSample)) / 32768);
  }

  /** Of the last frame that begins at or before the sample; -1 if there is none. */
  #indexAt(sample: number): number {
    let [low, high] = [0, this.#frames.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#frames[middle]?.sampleIndex ?? Infinity) <= sample) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

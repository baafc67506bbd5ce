import type { AudioFrame } from "#contracts/protocol/audio-frame";
import { msToSamples } from "#contracts/units";

/** Length of one mic frame on the wire. */
export const MIC_FRAME_MS = 20;

/** Cuts the microphone into frames of 20 ms and keeps their place on the microphone's sample clock. */
export class MicStream {
  readonly #frame: Int16Array;
  #filledSamples = 0;
  #sampleIndex = 0;
  #sequence = 0;

  constructor(sampleRateHz: number) {
    this.#frame = new Int16Array(msToSamples(MIC_FRAME_MS, sampleRateHz));
  }

  /**
   * Takes PCM of any length; returns the frames that are now complete. Their `sequence` is given by `number`.
   * A whole frame comes back as it was given.
   */
  append(pcm: Int16Array): Int16Array[] {
    if (this.#filledSamples === 0 && pcm.length === this.#frame.length) return [pcm];
    const frames: Int16Array[] = [];
    for (let at = 0; at < pcm.length;) {
      const part = pcm.subarray(at, at + this.#frame.length - this.#filledSamples);
      this.#frame.set(part, this.#filledSamples);
      this.#filledSamples += part.length;
      at += part.length;
      if (this.#filledSamples < this.#frame.length) break;
      frames.push(this.#frame.slice());
      this.#filledSamples = 0;
    }
    return frames;
  }

  /** A frame that goes out: takes the next sequence number. */
  number(pcm: Int16Array): AudioFrame {
    const frame: AudioFrame = {
      kind: "mic",
      turn: 0,
      sequence: this.#sequence,
      sampleIndex: this.#sampleIndex,
      isLast: false,
      pcm,
    };
    this.#sequence++;
    this.skip(pcm);
    return frame;
  }

  /** A frame that does not go out: time passes, and the gap in the sample index shows it. */
  skip(pcm: Int16Array): void {
    this.#sampleIndex += pcm.length;
  }
}

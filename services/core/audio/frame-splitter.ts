import { VOICE_FRAME_SAMPLES } from "../../contracts/units";
import { concatFloat } from "./pcm";

/**
 * Cuts a stream into frames of 20 ms at 48 kHz. Up to one frame is kept back, because the last one of the stream
 * must be marked as such and is only known to be the last when the stream ends.
 */
export class FrameSplitter {
  #rest: Float32Array = new Float32Array(0);

  /** The frames that are complete now; they may share memory with `samples`. */
  push(samples: Float32Array): Float32Array[] {
    const frames: Float32Array[] = [];
    let at = 0;
    if (this.#rest.length > 0) {
      const missing = VOICE_FRAME_SAMPLES - this.#rest.length;
      if (samples.length <= missing) {
        this.#rest = concatFloat([this.#rest, samples]);
        return frames;
      }
      frames.push(concatFloat([this.#rest, samples.subarray(0, missing)]));
      at = missing;
    }
    for (; at + VOICE_FRAME_SAMPLES < samples.length; at += VOICE_FRAME_SAMPLES)
      frames.push(samples.subarray(at, at + VOICE_FRAME_SAMPLES));
    this.#rest = samples.slice(at);
    return frames;
  }

  /** The last frame, filled up with silence; all silence when nothing was pushed. */
  flush(): Float32Array {
    const frame = new Float32Array(VOICE_FRAME_SAMPLES);
    frame.set(this.#rest);
    this.#rest = new Float32Array(0);
    return frame;
  }
}

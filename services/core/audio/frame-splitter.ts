import { VOICE_FRAME_SAMPLES } from "../../contracts/units";
import { concatFloat } from "./pcm";

/**
 * Cuts a stream into frames of 20 ms at 48 kHz. Up to one frame is kept back, because the last one of the stream
 * must be marked as such and is only known to be the last when the stream ends.
 */
export class FrameSplitter {
  #rest = new Float32Array(0);

  push(samples: Float32Array): Float32Array[] {
    const whole = this.#rest.length === 0 ? samples : concatFloat([this.#rest, samples]);
    const frames: Float32Array[] = [];
    let at = 0;
    for (; at + VOICE_FRAME_SAMPLES < whole.length; at += VOICE_FRAME_SAMPLES)
      frames.push(whole.subarray(at, at + VOICE_FRAME_SAMPLES));
    this.#rest = whole.slice(at);
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

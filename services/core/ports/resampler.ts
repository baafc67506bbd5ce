import type { Disposable } from "../lifecycle/disposable";

/** Converts the rate of a mono stream, keeping its filter state across calls. */
export interface StreamResampler extends Disposable {
  /** Float32 in [-1, 1]. The output's length varies by a sample or so from call to call. */
  process(samples: Float32Array): Float32Array;
  /** What is still inside the filter; the stream is over afterwards. */
  flush(): Float32Array;
}

export interface ResamplerFactory {
  create(rates: { fromHz: number; toHz: number }): StreamResampler;
}

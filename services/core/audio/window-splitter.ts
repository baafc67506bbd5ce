/** A full window and where it ends on the stream's clock. */
export interface SampleWindow {
  /** Exactly `windowSamples` long; not touched again by the splitter. */
  samples: Float32Array;
  /** Index of the sample after the last one of this window, counted from the start of the stream. */
  endSample: number;
}

/** Cuts a mono stream that comes in pieces of any length into windows that touch without overlap. */
export class WindowSplitter {
  readonly windowSamples: number;
  #pending: Float32Array;
  #pendingSamples = 0;
  #endSample = 0;

  constructor(options: { windowSamples: number }) {
    this.windowSamples = options.windowSamples;
    this.#pending = new Float32Array(options.windowSamples);
  }

  /** Every window that these samples complete, in order. Keeps the rest; copies what it keeps. */
  push(samples: Float32Array): SampleWindow[] {
    const windows: SampleWindow[] = [];
    for (let at = 0; at < samples.length;) {
      const taken = samples.subarray(at, at + this.windowSamples - this.#pendingSamples);
      this.#pending.set(taken, this.#pendingSamples);
      this.#pendingSamples += taken.length;
      at += taken.length;
      if (this.#pendingSamples < this.windowSamples) break;
      this.#endSample += this.windowSamples;
      windows.push({ samples: this.#pending, endSample: this.#endSample });
      this.#pending = new Float32Array(this.windowSamples);
      this.#pendingSamples = 0;
    }
    return windows;
  }

  /** Drops the incomplete window and counts from 0 again. */
  reset(): void {
    this.#pendingSamples = 0;
    this.#endSample = 0;
  }
}

import { peakToPeak } from "../audio/pcm";

/** 4 ms at 16 kHz: longer than any wave of a voice stays on one value. */
const SILENT_SAMPLES = 64;
/** Half a step of 16 bits: what a resampler makes of a constant. */
const MAX_PEAK_TO_PEAK = 1 / 65_536;

/** Not one sample of these is sound. */
export function isDigitalSilence(samples: Float32Array): boolean {
  return peakToPeak(samples) < MAX_PEAK_TO_PEAK;
}

/**
 * Whether nothing came from the microphone, because it is muted, gone, or its frames were lost: digital silence, which the
 * quietest room is not. The window in which it closes counts, and the one in which it opens.
 */
export class ClosedMicrophone {
  #wasSilent = false;

  /** Windows in order, none shorter than 4 ms. */
  observe(samples: Float32Array): boolean {
    const isSilent = isDigitalSilence(samples.subarray(-SILENT_SAMPLES));
    const isClosed = isSilent || this.#wasSilent;
    this.#wasSilent = isSilent;
    return isClosed;
  }
}

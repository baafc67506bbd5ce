import { AppError } from "#contracts/errors";
import { rms } from "#core/audio/pcm";
import type { SpeechDetector, SpeechDetectorFactory } from "#core/ports/speech-detector";

export interface FakeSpeechDetectorOptions {
  /** Samples per window. Default 512. */
  windowSamples?: number;
  /**
   * The answer for each window since the last reset; silence (0.01) when the list has ended.
   * Default: by loudness, speech being an RMS above 0.01.
   */
  probabilities?: readonly number[];
}

const QUIET = 0.01;
const VOICED = 0.95;

/** Detectors that answer by script, or take every loud window for speech. */
export function createFakeSpeechDetectorFactory(options: FakeSpeechDetectorOptions = {}): SpeechDetectorFactory {
  const { windowSamples = 512, probabilities } = options;
  let isFactoryDisposed = false;

  const create = (): SpeechDetector => {
    let at = 0;
    let isBusy = false;
    let isDisposed = false;
    return {
      windowSamples,
      async detect(window) {
        if (window.length !== windowSamples)
          throw new RangeError(`a window has ${windowSamples} samples, not ${window.length}`);
        if (isDisposed || isFactoryDisposed) throw new AppError("cancelled");
        if (isBusy) throw new AppError("internal", { detail: "a window was given before the last one was answered" });
        const answer =
          probabilities === undefined ? (rms(window) > 0.01 ? VOICED : QUIET) : (probabilities[at++] ?? QUIET);
        isBusy = true;
        await Promise.resolve();
        isBusy = false;
        return answer;
      },
      reset: () => void (at = 0),
      dispose: () => void (isDisposed = true),
    };
  };

  return { create, dispose: () => void (isFactoryDisposed = true) };
}

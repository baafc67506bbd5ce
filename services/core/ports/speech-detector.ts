import type { Disposable } from "../lifecycle/disposable";

/**
 * Voice activity model. Keeps state between windows, so each session owns one detector;
 * detectors of one factory share the loaded model.
 */
export interface SpeechDetector extends Disposable {
  /** Samples per window, 16 kHz mono. */
  readonly windowSamples: number;
  /** Probability in [0, 1] that this window holds speech. Windows must come in order, one at a time. */
  detect(window: Float32Array): Promise<number>;
  /** Forgets all context, as at the start of a session. */
  reset(): void;
}

export interface SpeechDetectorFactory extends Disposable {
  create(): SpeechDetector;
}

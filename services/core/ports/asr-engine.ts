import type { Disposable } from "../lifecycle/disposable";

export interface Transcript {
  /** Cased and punctuated; empty when there were no words. */
  text: string;
  /** How much of the utterance it covers. */
  audioMs: number;
  /** Time the engine needed, without the wait for its turn. */
  decodeMs: number;
}

export interface TranscribeOptions {
  /** Silence that the engine hears after the audio: makes it sure of a word that was cut, or take it for none. Default 0. */
  trailingSilenceMs?: number;
}

/** One utterance being listened to. Audio: Float32 in [-1, 1], 16 kHz, mono. */
export interface AsrUtterance extends Disposable {
  /** Copies the samples. What goes beyond 30 s is dropped. */
  append(samples: Float32Array): void;
  /**
   * Decodes everything appended so far, or more when more came before the decode began (`audioMs` tells).
   * Calls on one utterance are answered in order. Less than 0.4 s, trailing silence included, gives "".
   * Survives a restart of the engine: the audio is kept until `dispose` and decoded again.
   * Rejects with `ears-unavailable` when the engine cannot be restarted, `model-missing` when its model
   * is the reason, `utterance-too-long` above 25 s (cut before that), `cancelled` after `dispose`.
   */
  transcribe(options?: TranscribeOptions): Promise<Transcript>;
}

export interface AsrEngine {
  /** Throws `at-capacity` while too many are open: dispose each one. */
  openUtterance(): AsrUtterance;
  /** True while a decode can start at once: model loaded, process alive. */
  isReady(): boolean;
  /** Ends the engine; open utterances reject with `cancelled`. */
  close(): Promise<void>;
}

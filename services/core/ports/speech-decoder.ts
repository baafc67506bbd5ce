export interface DecodedSpeech {
  /** Cased and punctuated; empty when there were no words. */
  text: string;
  /** The model's tokens of this text, to be passed to the next decode of the same utterance. */
  tokens: readonly number[];
}

/** A loaded speech-to-text model. Runs on the calling thread; one decode at a time. */
export interface SpeechDecoder {
  /**
   * Audio: Float32 in [-1, 1], 16 kHz, mono; the whole utterance so far. Less than 0.4 s gives "" without
   * a run; more than 25 s rejects with `utterance-too-long`.
   * `previousTokens`: those of an earlier, shorter decode of the same audio. They only save time.
   */
  decode(audio: Float32Array, previousTokens: readonly number[]): Promise<DecodedSpeech>;
  /** Waits for the decode in progress, then frees the model. */
  close(): Promise<void>;
}

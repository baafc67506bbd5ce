/** A piece of text as it is to be spoken, with the place in the original text that it stands for. */
export interface SpokenToken {
  /** Plain words without digits, symbols or markup: "twenty three". */
  spoken: string;
  /** Span in the clause's text, UTF-16 offsets, end exclusive. */
  sourceStart: number;
  sourceEnd: number;
  /** Punctuation that shapes the prosody after this token, or "". */
  punctuation: string;
}

/** Makes text speakable: numbers, dates, times, money, abbreviations, URLs, emoji and Markdown become words or vanish. */
export interface TextNormalizer {
  normalize(text: string): SpokenToken[];
}

export interface TokenTiming {
  tokenIndex: number;
  startSamples: number;
  endSamples: number;
}

export interface SynthesizedClause {
  /** Float32 in [-1, 1], mono, at the model's own rate. */
  samples: Float32Array;
  sampleRateHz: number;
  /** One per token, in order, not overlapping. */
  timings: TokenTiming[];
}

export interface TtsModel {
  modelId: string;
  family: string;
  languages: string[];
  /** Gain that brings this voice to −16 LUFS, before the limiter; dB. */
  makeUpGainDb: number;
}

/** Speaks one clause at a time. Failures throw `synthesis-failed` or `unknown-voice`; abort throws `cancelled`. */
export interface TtsEngine {
  readonly models: readonly TtsModel[];
  synthesize(clause: {
    modelId: string;
    tokens: readonly SpokenToken[];
    signal: AbortSignal;
  }): Promise<SynthesizedClause>;
  close(): Promise<void>;
}

import { msToSamples, samplesToMs } from "#contracts/units";

export interface SpeechSegmenterOptions {
  /** Samples per second of the indices. Default 16 000. */
  sampleRateHz?: number;
  /** Length of the windows that are pushed. Default 512 (32 ms at 16 kHz). */
  windowSamples?: number;
  /** In quiet, a window at or above this begins what may be speech. Default 0.5. */
  activationThreshold?: number;
  /** Once begun, windows at or above this go on being speech; must not exceed the other one. Default 0.35. */
  deactivationThreshold?: number;
  /** Shorter noises are never reported. Counted in whole windows, rounded up. Default 64. */
  minSpeechMs?: number;
  /** Shorter pauses do not end speech. Default 100. */
  minSilenceMs?: number;
}

export type SpeechSegmentEvent =
  /** `startSample`: first sample of the first voiced window, so earlier than the window that brought this event. */
  | { type: "speech-start"; startSample: number }
  /** `endSample`: the sample after the last voiced window. `speechMs`: from start to end, short pauses included. */
  | { type: "speech-end"; endSample: number; speechMs: number };

type SegmenterState =
  | { type: "quiet" }
  /** Voiced, but not yet for `minSpeechMs`. */
  | { type: "starting"; startSample: number; voicedEndSample: number }
  | { type: "speaking"; startSample: number; voicedEndSample: number }
  /** A pause that is not yet `minSilenceMs` long. */
  | { type: "stopping"; startSample: number; voicedEndSample: number };

export type SpeechActivity = SegmenterState["type"];

/**
 * Turns the probabilities of a voice activity model into speech segments, with hysteresis
 * (two thresholds) and the least lengths of speech and of silence. Counts samples and knows no clock,
 * so the result depends on the audio alone.
 */
export class SpeechSegmenter {
  readonly #sampleRateHz: number;
  readonly #windowSamples: number;
  readonly #activationThreshold: number;
  readonly #deactivationThreshold: number;
  readonly #minSpeechSamples: number;
  readonly #minSilenceSamples: number;
  #state: SegmenterState = { type: "quiet" };
  #atSample = 0;
  /** End of the last confirmed speech; noises that were too short do not move it. */
  #silentFromSample = 0;

  constructor(options: SpeechSegmenterOptions = {}) {
    this.#sampleRateHz = options.sampleRateHz ?? 16_000;
    this.#windowSamples = options.windowSamples ?? 512;
    this.#activationThreshold = options.activationThreshold ?? 0.5;
    this.#deactivationThreshold = options.deactivationThreshold ?? 0.35;
    this.#minSpeechSamples = msToSamples(options.minSpeechMs ?? 64, this.#sampleRateHz);
    this.#minSilenceSamples = msToSamples(options.minSilenceMs ?? 100, this.#sampleRateHz);
    if (this.#deactivationThreshold > this.#activationThreshold)
      throw new RangeError("deactivationThreshold above activationThreshold");
  }

  get activity(): SpeechActivity {
    return this.#state.type;
  }

  /**
   * Audio since the last voiced window of confirmed speech, or since the start of the stream; in ms.
   * 0 while voiced, also while it is not yet sure that this is speech; when it turns out to be
   * a noise, the count goes on as if it had never stopped.
   */
  get silenceMs(): number {
    switch (this.#state.type) {
      case "starting":
      case "speaking":
        return 0;
      case "quiet":
      case "stopping":
        return samplesToMs(this.#atSample - this.#silentFromSample, this.#sampleRateHz);
    }
  }

  /** Length of the segment in progress up to its last voiced window, in ms; 0 when quiet. */
  get speechMs(): number {
    return this.#state.type === "quiet" ? 0 : this.#lengthMs(this.#state);
  }

  /**
   * Takes the next window. `endSample`: index of the sample after it; must grow from call to call
   * (RangeError), gaps are allowed. `probability` in [0, 1]; what is not a number counts as silence.
   */
  push(window: { probability: number; endSample: number }): SpeechSegmentEvent[] {
    if (window.endSample <= this.#atSample)
      throw new RangeError(`window ends at ${window.endSample}, after ${this.#atSample}`);
    this.#atSample = window.endSample;
    const threshold = this.#state.type === "quiet" ? this.#activationThreshold : this.#deactivationThreshold;
    return window.probability >= threshold ? this.#voiced(window.endSample) : this.#unvoiced();
  }

  /** The stream is over: ends speech in progress at its last voiced window. */
  flush(): SpeechSegmentEvent[] {
    return this.#state.type === "speaking" || this.#state.type === "stopping" ? this.#end(this.#state) : this.#drop();
  }

  /** As new: counts from sample 0 again. */
  reset(): void {
    this.#state = { type: "quiet" };
    this.#atSample = 0;
    this.#silentFromSample = 0;
  }

  #voiced(endSample: number): SpeechSegmentEvent[] {
    const state = this.#state;
    const startSample = state.type === "quiet" ? endSample - this.#windowSamples : state.startSample;
    const wasConfirmed = state.type === "speaking" || state.type === "stopping";
    const isConfirmed = wasConfirmed || endSample - startSample >= this.#minSpeechSamples;
    this.#state = { type: isConfirmed ? "speaking" : "starting", startSample, voicedEndSample: endSample };
    if (isConfirmed) this.#silentFromSample = endSample;
    return isConfirmed && !wasConfirmed ? [{ type: "speech-start", startSample }] : [];
  }

  #unvoiced(): SpeechSegmentEvent[] {
    const state = this.#state;
    switch (state.type) {
      case "quiet":
        return [];
      case "starting":
        return this.#drop();
      case "speaking":
      case "stopping":
        if (this.#atSample - state.voicedEndSample >= this.#minSilenceSamples) return this.#end(state);
        this.#state = { ...state, type: "stopping" };
        return [];
    }
  }

  #drop(): SpeechSegmentEvent[] {
    this.#state = { type: "quiet" };
    return [];
  }

  #end(segment: { startSample: number; voicedEndSample: number }): SpeechSegmentEvent[] {
    this.#state = { type: "quiet" };
    return [{ type: "speech-end", endSample: segment.voicedEndSample, speechMs: this.#lengthMs(segment) }];
  }

  #lengthMs(segment: { startSample: number; voicedEndSample: number }): number {
    return samplesToMs(segment.voicedEndSample - segment.startSample, this.#sampleRateHz);
  }
}

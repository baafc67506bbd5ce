import { samplesToMs, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import type { VoiceFrame, VoiceWord } from "#core/ports/voice-link";

export interface SpeechCut {
  /** End of the last word that was received whole, samples of the turn. */
  completeSamples: number;
  receivedSamples: number;
  /** Where in the turn's text the next word begins. */
  textOffset: number;
}

/** How far the voice has come in one turn, over all the workers that spoke parts of it. 48 kHz, samples of the turn. */
export class SpeechProgress {
  #receivedSamples = 0;
  #baseSamples = 0;
  #words: VoiceWord[] = [];
  #startedAtMs: number | undefined;
  #lastFrameAtMs = -Infinity;

  /** Takes a frame of the present stream; returns it with its words on the turn's clock. */
  add(frame: VoiceFrame, nowMs: number): VoiceFrame {
    if (this.#startedAtMs === undefined || nowMs > this.dryAtMs)
      this.#startedAtMs = nowMs - toMs(this.#receivedSamples);
    this.#lastFrameAtMs = nowMs;
    const words = frame.words.map((word) => ({
      ...word,
      startSamples: word.startSamples + this.#baseSamples,
      endSamples: word.endSamples + this.#baseSamples,
    }));
    this.#words.push(...words);
    this.#receivedSamples += frame.pcm.length;
    return { ...frame, words };
  }

  /** Where a voice that broke off here can be taken up. */
  cut(): SpeechCut {
    const isWhole = (word: VoiceWord): boolean => word.endSamples <= this.#receivedSamples;
    const whole = this.#words.filter(isWhole);
    const next = this.#words.find((word) => !isWhole(word));
    return {
      completeSamples: whole.at(-1)?.endSamples ?? 0,
      receivedSamples: this.#receivedSamples,
      textOffset: next?.textStart ?? whole.at(-1)?.textEnd ?? 0,
    };
  }

  /** The next stream begins at this sample of the turn; words that were not whole by the cut are forgotten. */
  continueAt(samples: number, cut: SpeechCut): void {
    this.#words = this.#words.filter((word) => word.endSamples <= cut.completeSamples);
    this.#receivedSamples = samples;
    this.#baseSamples = samples;
  }

  /** True while audio of known words is still to come. */
  get isInsideWords(): boolean {
    return (this.#words.at(-1)?.endSamples ?? 0) > this.#receivedSamples;
  }

  get lastFrameAtMs(): number {
    return this.#lastFrameAtMs;
  }

  /** When a listener who plays on without pause runs dry, ms on the clock; never before the first frame. */
  get dryAtMs(): number {
    return this.#startedAtMs === undefined ? Infinity : this.#startedAtMs + toMs(this.#receivedSamples);
  }
}

function toMs(samples: number): number {
  return samplesToMs(samples, VOICE_SAMPLE_RATE_HZ);
}

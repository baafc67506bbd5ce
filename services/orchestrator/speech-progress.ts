import { msToSamples, samplesToMs, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import type { VoiceFrame, VoiceWord } from "#core/ports/voice-link";

export interface SpeechCut {
  /** End of the last word that was received whole, samples of the turn. */
  completeSamples: number;
  receivedSamples: number;
  /** Where in the turn's text the next word begins. */
  textOffset: number;
}

/**
 * Most that is left out of a stream: it comes ahead of time, and what is left out of that is missing from what the listener has
 * in hand.
 */
const MAX_SKIP_SAMPLES = msToSamples(300, VOICE_SAMPLE_RATE_HZ);

/** How far the voice has come in one turn, over all the workers that spoke parts of it. 48 kHz, samples of the turn. */
export class SpeechProgress {
  #receivedSamples = 0;
  #baseSamples = 0;
  #words: VoiceWord[] = [];
  #startedAtMs: number | undefined;
  #lastFrameAtMs = -Infinity;
  /** The word that the last stream broke off in, on the turn's clock, until the next one is heard. */
  #begunWord: VoiceWord | undefined;
  #hasStreamBegun = false;
  #earliestSample = 0;
  #samplesToSkip = 0;
  #skippedWords: VoiceWord[] = [];

  /**
   * Takes a frame of the present stream; returns it with its words on the turn's clock, or undefined when the listener has
   * heard that part of the word from the stream before.
   */
  add(given: VoiceFrame, nowMs: number): VoiceFrame | undefined {
    if (this.#begunWord !== undefined && !this.#hasStreamBegun) this.#skipTo(this.#begunWord, given);
    this.#hasStreamBegun = true;
    if (this.#samplesToSkip > 0 && !given.isFinal) {
      this.#samplesToSkip -= given.pcm.length;
      this.#skippedWords.push(...given.words);
      this.#lastFrameAtMs = nowMs;
      return undefined;
    }
    this.#begunWord = undefined;
    if (this.#startedAtMs === undefined || nowMs > this.dryAtMs)
      this.#startedAtMs = nowMs - toMs(this.#receivedSamples);
    this.#lastFrameAtMs = nowMs;
    this.#receivedSamples += given.pcm.length;
    // Most frames have none.
    if (this.#skippedWords.length === 0 && given.words.length === 0) return given;
    const words = [...this.#skippedWords.splice(0), ...given.words].map((word) => ({
      ...word,
      startSamples: Math.max(this.#earliestSample, word.startSamples + this.#baseSamples),
      endSamples: word.endSamples + this.#baseSamples,
    }));
    this.#words.push(...words);
    return { ...given, words };
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
    const isBegun = (word: VoiceWord): boolean => word.textStart === cut.textOffset && word.startSamples < samples;
    this.#begunWord = this.#words.findLast(isBegun) ?? this.#begunWord;
    this.#earliestSample = cut.completeSamples;
    this.#hasStreamBegun = false;
    this.#samplesToSkip = 0;
    this.#skippedWords = [];
    this.#words = this.#words.filter((word) => word.endSamples <= cut.completeSamples);
    this.#receivedSamples = samples;
    this.#baseSamples = samples;
  }

  /** Leaves out as much of the word as was heard of it, in proportion: no voice says it twice in the same time. */
  #skipTo(begun: VoiceWord, { words, pcm }: VoiceFrame): void {
    const again = words.find((word) => word.textStart === begun.textStart);
    if (again === undefined || pcm.length === 0) return;
    const heardRatio = (this.#baseSamples - begun.startSamples) / (begun.endSamples - begun.startSamples);
    const place = again.startSamples + heardRatio * (again.endSamples - again.startSamples);
    const frameCount = Math.round(Math.min(place, MAX_SKIP_SAMPLES) / pcm.length);
    this.#samplesToSkip = frameCount * pcm.length;
    this.#baseSamples -= this.#samplesToSkip;
  }

  /** True while audio of known words is still to come. */
  get isInsideWords(): boolean {
    return (this.#words.at(-1)?.endSamples ?? 0) > this.#receivedSamples;
  }

  /** End of the last word of which a timing has come, in the turn's text; 0 before the first. */
  get spokenOffset(): number {
    return this.#words.at(-1)?.textEnd ?? 0;
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

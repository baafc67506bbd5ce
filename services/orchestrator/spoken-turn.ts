import type { WordTiming } from "#contracts/protocol/server-message";
import { VOICE_SAMPLE_RATE_HZ, msToSamples } from "#contracts/units";
import type { VoiceWord } from "#core/ports/voice-link";
import { splitAtPlayout, type HeardSplit } from "#core/turn/heard-text";

/** 120 s: what may wait for a client that is away; the worker's pacing keeps it far below. */
const MAX_UNPLAYED_SAMPLES = msToSamples(120_000, VOICE_SAMPLE_RATE_HZ);

export interface SentFrame {
  sampleIndex: number;
  pcm: Int16Array;
  isLast: boolean;
}

/** What has been said in one agent turn: text, word timings on the session's sample clock, and audio not yet played. */
export class SpokenTurn {
  readonly turn: number;
  #text = "";
  #words: WordTiming[] = [];
  #firstSample: number | undefined;
  #endSample = 0;
  #isComplete = false;
  #unplayed: SentFrame[] = [];

  constructor(turn: number) {
    this.turn = turn;
  }

  get text(): string {
    return this.#text;
  }

  get words(): readonly WordTiming[] {
    return this.#words;
  }

  /** Sample index of the first frame; undefined before it. */
  get firstSample(): number | undefined {
    return this.#firstSample;
  }

  addText(text: string): void {
    this.#text += text;
  }

  addFrame(frame: SentFrame): void {
    this.#firstSample ??= frame.sampleIndex;
    this.#endSample = frame.sampleIndex + frame.pcm.length;
    this.#unplayed.push(frame);
    const oldest = this.#unplayed[0];
    if (oldest !== undefined && this.#endSample - oldest.sampleIndex > MAX_UNPLAYED_SAMPLES) this.#unplayed.shift();
  }

  /** Moves words from the stream's clock to the session's. Call after the frame that carries them was added. */
  addWords(words: readonly VoiceWord[]): WordTiming[] {
    const base = this.#firstSample ?? 0;
    const timed = words.map((word) => ({
      text: word.text,
      startSample: base + word.startSamples,
      endSample: base + word.endSamples,
      textStart: word.textStart,
      textEnd: word.textEnd,
    }));
    this.#words = [...this.#words, ...timed];
    return timed;
  }

  /** The voice broke off: keeps this many samples of the turn, and the words that were whole by then. */
  truncate(cut: { keptSamples: number; completeSamples: number }): void {
    const base = this.#firstSample ?? 0;
    this.#endSample = base + cut.keptSamples;
    this.#words = this.#words.filter((word) => word.endSample <= base + cut.completeSamples);
    this.#unplayed = this.#unplayed.flatMap((frame) => {
      const left = this.#endSample - frame.sampleIndex;
      if (left <= 0) return [];
      return [left >= frame.pcm.length ? frame : { ...frame, pcm: frame.pcm.subarray(0, left) }];
    });
  }

  /** The voice has delivered its last frame. */
  complete(): void {
    this.#isComplete = true;
  }

  /** True when all of a complete turn has been played. */
  isPlayed(positionSamples: number): boolean {
    return this.#isComplete && positionSamples >= this.#endSample;
  }

  isAudible(positionSamples: number): boolean {
    return this.#firstSample !== undefined && positionSamples > this.#firstSample;
  }

  split(positionSamples: number): HeardSplit {
    const isComplete = this.isPlayed(positionSamples);
    return splitAtPlayout(this.#text, this.#words, { positionSamples, isComplete });
  }

  forgetPlayed(positionSamples: number): void {
    while (
      this.#unplayed[0] !== undefined &&
      this.#unplayed[0].sampleIndex + this.#unplayed[0].pcm.length <= positionSamples
    ) {
      this.#unplayed.shift();
    }
  }

  /** Frames to play again for a client that comes back: from the start of the word that was cut. */
  framesFrom(positionSamples: number): SentFrame[] {
    const cutWord = this.#words.find((word) => word.endSample > positionSamples);
    const from = Math.min(positionSamples, cutWord?.startSample ?? positionSamples);
    return this.#unplayed.filter((frame) => frame.sampleIndex + frame.pcm.length > from);
  }
}

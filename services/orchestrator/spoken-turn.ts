import type { WordTiming } from "#contracts/protocol/server-message";
import { VOICE_SAMPLE_RATE_HZ, msToSamples } from "#contracts/units";
import { crossFade } from "#core/audio/cross-fade";
import type { VoiceFrame, VoiceWord } from "#core/ports/voice-link";
import { splitAtPlayout, type HeardSplit } from "#core/turn/heard-text";
import { chooseRewind } from "#core/turn/rewind";

/** 10 ms: what of a voice that broke off fades out under the one that goes on. */
const FADE_SAMPLES = msToSamples(10, VOICE_SAMPLE_RATE_HZ);

const NO_TAIL = new Int16Array(0);

/** 120 s: what may wait for a client that is away; the worker's pacing keeps it far below. */
const MAX_UNPLAYED_SAMPLES = msToSamples(120_000, VOICE_SAMPLE_RATE_HZ);

export interface SentFrame {
  /** On the session's sample clock, 48 kHz. */
  sampleIndex: number;
  pcm: Int16Array;
  isLast: boolean;
}

interface KeptFrame {
  /** From the start of the turn's audio. */
  turnSamples: number;
  pcm: Int16Array;
  isLast: boolean;
}

/** What goes to the client when the voice goes on after a hold. */
export interface Replay {
  words: WordTiming[];
  frames: SentFrame[];
  /** How much of what had been played is played again. */
  rewoundSamples: number;
}

/**
 * What has been said in one agent turn: text, words, and audio not yet played. The audio has a clock of its own, samples
 * of the turn; where it lies on the session's clock changes when the voice is silenced and goes on elsewhere.
 */
export class SpokenTurn {
  readonly turn: number;
  #text = "";
  #voiceWords: VoiceWord[] = [];
  #words: WordTiming[] = [];
  #firstSample: number | undefined;
  /** Session sample at which the turn's audio would have begun, had all of it been sent as it is sent now. */
  #baseSample = 0;
  #receivedSamples = 0;
  #isComplete = false;
  #isHeld = false;
  #frames: KeptFrame[] = [];
  #lastRewindSamples = -1;
  /** End in the text of what was heard before a rewind. */
  #heardTextEnd = 0;
  /** What came after the cut of the voice that broke off, until the next frame. */
  #cutTail: Int16Array = NO_TAIL;

  constructor(turn: number) {
    this.turn = turn;
  }

  get text(): string {
    return this.#text;
  }

  get words(): readonly WordTiming[] {
    return this.#words;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Sample index of the first frame; undefined before it. */
  get firstSample(): number | undefined {
    return this.#firstSample;
  }

  /** Session sample at which this sample of the turn lies. */
  sampleAt(turnSamples: number): number {
    return this.#baseSample + turnSamples;
  }

  /** How much of the turn's audio has been played at this position of the session's clock. */
  playedSamples(positionSamples: number): number {
    return Math.max(0, Math.min(this.#receivedSamples, positionSamples - this.#baseSample));
  }

  addText(text: string): void {
    this.#text += text;
  }

  /** A frame that is sent now. Returns it as it is to be sent. */
  addFrame(frame: VoiceFrame, sampleIndex: number): { words: WordTiming[]; frames: SentFrame[] } {
    this.#firstSample ??= sampleIndex;
    this.#baseSample = sampleIndex - this.#receivedSamples;
    const kept = this.#keep(frame);
    const words = frame.words.map((word) => this.#toTiming(word));
    if (words.length > 0) this.#words = [...this.#words, ...words];
    return { words, frames: [this.#toSent(kept)] };
  }

  /** The client has thrown away what it had not played; from now on frames are kept back. */
  hold(): void {
    this.#isHeld = true;
  }

  /** A frame that comes during a hold. */
  addHeldFrame(frame: VoiceFrame): void {
    this.#keep(frame);
  }

  /**
   * Ends the hold: what is to be sent, from `nextSample` of the session's clock on. `positionSamples`: where the client fell
   * silent; `maskedSamples`: how much before that was hard to hear.
   */
  resume(at: { positionSamples: number; nextSample: number; maskedSamples: number }): Replay {
    this.#isHeld = false;
    const cutSamples = this.playedSamples(at.positionSamples);
    this.#heardTextEnd = Math.max(this.#heardTextEnd, this.split(at.positionSamples).heardText.length);
    const chosen = chooseRewind({
      text: this.#text,
      words: this.#voiceWords,
      cutSamples,
      maskedFromSamples: cutSamples - at.maskedSamples,
      lastRewindSamples: this.#lastRewindSamples,
      isComplete: this.#isComplete,
    });
    const frames = this.#frames.filter((frame) => frame.turnSamples + frame.pcm.length > chosen);
    const fromSamples = frames[0]?.turnSamples ?? this.#receivedSamples;
    if (chosen < cutSamples) this.#lastRewindSamples = chosen;
    this.#frames = frames;
    this.#baseSample = at.nextSample - fromSamples;
    const moved = this.#voiceWords.filter((word) => word.endSamples > fromSamples);
    const words = moved.map((word) => this.#toTiming(word));
    this.#words = [...this.#words.slice(0, this.#voiceWords.length - moved.length), ...words];
    return { words, frames: frames.map((frame) => this.#toSent(frame)), rewoundSamples: cutSamples - fromSamples };
  }

  /**
   * The voice broke off: keeps this many samples of the turn, and the words that were whole by then. What came next fades
   * out under the frame that follows.
   */
  truncate(cut: { keptSamples: number; completeSamples: number }): void {
    const cutFrame = this.#frames.find((frame) => endOf(frame) > cut.keptSamples);
    const cutAt = cut.keptSamples - (cutFrame?.turnSamples ?? 0);
    if (cutFrame !== undefined) this.#cutTail = cutFrame.pcm.slice(Math.max(0, cutAt), cutAt + FADE_SAMPLES);
    this.#receivedSamples = cut.keptSamples;
    const kept = this.#voiceWords.findIndex((word) => word.endSamples > cut.completeSamples);
    if (kept !== -1) {
      this.#voiceWords = this.#voiceWords.slice(0, kept);
      this.#words = this.#words.slice(0, kept);
    }
    this.#frames = this.#frames.flatMap((frame) => {
      const left = cut.keptSamples - frame.turnSamples;
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
    return this.#isComplete && !this.#isHeld && positionSamples >= this.#baseSample + this.#receivedSamples;
  }

  isAudible(positionSamples: number): boolean {
    return this.#firstSample !== undefined && positionSamples > this.#firstSample;
  }

  split(positionSamples: number): HeardSplit {
    const isComplete = this.isPlayed(positionSamples);
    const split = splitAtPlayout(this.#text, this.#words, { positionSamples, isComplete });
    if (split.heardText.length >= this.#heardTextEnd) return split;
    const heardText = this.#text.slice(0, this.#heardTextEnd);
    return { heardText, unheardText: this.#text.slice(this.#heardTextEnd).trimStart() };
  }

  /** What was played so long ago that it will not be played again. */
  forgetPlayed(positionSamples: number): void {
    if (this.#isHeld) return;
    const playedSamples = positionSamples - this.#baseSample;
    while (this.#frames[0] !== undefined && endOf(this.#frames[0]) <= playedSamples) this.#frames.shift();
  }

  /** Frames to play again for a client that comes back: from the start of the word that was cut. */
  framesFrom(positionSamples: number): SentFrame[] {
    const cutWord = this.#words.find((word) => word.endSample > positionSamples);
    const from = Math.min(positionSamples, cutWord?.startSample ?? positionSamples) - this.#baseSample;
    return this.#frames.filter((frame) => endOf(frame) > from).map((frame) => this.#toSent(frame));
  }

  #keep({ pcm, isFinal, words }: VoiceFrame): KeptFrame {
    const kept = { turnSamples: this.#receivedSamples, pcm: crossFade(this.#cutTail, pcm), isLast: isFinal };
    this.#cutTail = NO_TAIL;
    this.#frames.push(kept);
    this.#receivedSamples += pcm.length;
    this.#voiceWords.push(...words);
    const oldest = this.#frames[0];
    if (oldest !== undefined && this.#receivedSamples - oldest.turnSamples > MAX_UNPLAYED_SAMPLES) this.#frames.shift();
    return kept;
  }

  #toSent({ turnSamples, pcm, isLast }: KeptFrame): SentFrame {
    return { sampleIndex: this.#baseSample + turnSamples, pcm, isLast };
  }

  #toTiming({ text, startSamples, endSamples, textStart, textEnd }: VoiceWord): WordTiming {
    const base = this.#baseSample;
    return { text, startSample: base + startSamples, endSample: base + endSamples, textStart, textEnd };
  }
}

function endOf(frame: KeptFrame): number {
  return frame.turnSamples + frame.pcm.length;
}

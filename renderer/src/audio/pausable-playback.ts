import { JitterBuffer, type PlayoutFrame } from "#core/audio/jitter-buffer";
import { PlayoutHistory } from "./playout-history";
import type { PlaybackReport } from "./worklet-messages";

/** Most that is played again after a pause, ms: a slow wireless speaker and the time until its loss is noticed. */
const HISTORY_MS = 700;
/** A pause is no click. */
const FADE_MS = 5;
/** What waits during a pause is not lost: as long as the orchestrator keeps for a client that may come back, ms. */
const CAPACITY_MS = 120_000;

/**
 * The jitter buffer, which can be halted in mid-word and goes on from there. What the listener cannot have heard any
 * more is played again, so its position is where the listener is: it goes back by as much.
 */
export class PausablePlayback {
  readonly #buffer: JitterBuffer;
  readonly #history: PlayoutHistory;
  readonly #fadeSamples: number;
  #turnStartSamples = 0;
  #isPaused = false;
  /** 1 when it sounds, 0 in a pause. */
  #gain = 1;
  /** Of the history's end, what must be played again. */
  #replaySamples = 0;
  #rewindSamples = 0;
  #pausedSamples = 0;

  constructor(options: { sampleRateHz: number }) {
    const toSamples = (durationMs: number): number => Math.ceil((durationMs * options.sampleRateHz) / 1000);
    this.#buffer = new JitterBuffer({ sampleRateHz: options.sampleRateHz, capacityMs: CAPACITY_MS });
    this.#history = new PlayoutHistory(toSamples(HISTORY_MS));
    this.#fadeSamples = toSamples(FADE_MS);
  }

  push(frame: PlayoutFrame): void {
    this.#buffer.push(frame);
  }

  /** In a pause, nothing is left of what the flush took away. */
  flushFrom(fromSample: number): void {
    const isCut = fromSample < this.#buffer.positionSamples;
    this.#buffer.flushFrom(fromSample);
    if (!isCut) return;
    this.#replaySamples = 0;
    this.#rewindSamples = 0;
    this.#history.clear();
    if (this.#isSilent) this.#buffer.pullInto(new Float32Array(this.#fadeSamples));
  }

  duck(gainDb: number): void {
    this.#buffer.duck(gainDb);
  }

  unduck(): void {
    this.#buffer.unduck();
  }

  /** Halts. `rewindSamples`: how much of what left last nobody has heard. Once more in a pause: rewinds if it had not. */
  pause(rewindSamples: number): void {
    this.#isPaused = true;
    this.#rewindSamples = Math.max(0, Math.floor(rewindSamples));
    if (this.#isSilent) this.#rewind();
  }

  resume(): void {
    if (!this.#isPaused) return;
    // A pause shorter than its fade has not rewound yet.
    if (!this.#isSilent) this.#rewind();
    this.#isPaused = false;
    this.#pausedSamples = 0;
  }

  pullInto(out: Float32Array): void {
    if (this.#isPaused && this.#isSilent) {
      out.fill(0);
      this.#pausedSamples += out.length;
      return;
    }
    const replayed = Math.min(out.length, this.#replaySamples);
    this.#history.readInto(out.subarray(0, replayed), this.#replaySamples);
    this.#replaySamples -= replayed;
    const fresh = this.#pullFresh(out.subarray(replayed));
    this.#fade(out);
    // What was pulled for the fade is not counted as heard.
    if (this.#isPaused) this.#replaySamples = Math.min(this.#history.samples, this.#replaySamples + replayed + fresh);
    if (this.#isPaused && this.#isSilent) this.#rewind();
  }

  /** Whether something began or ended since the last call. */
  takeChange(): boolean {
    return this.#buffer.takeTransitions().length > 0;
  }

  get report(): PlaybackReport {
    const { positionSamples, turnStartSamples, isPlaying, bufferedMs, underrunCount, droppedFrameCount } = this.#buffer;
    return {
      positionSamples: positionSamples - this.#replaySamples,
      turnStartSamples,
      silentSamples: this.#silentSamples,
      isPlaying: isPlaying || this.#replaySamples > 0,
      bufferedMs,
      underrunCount,
      droppedFrameCount,
    };
  }

  /** How long only silence has left, in samples. */
  get #silentSamples(): number {
    if (this.#isPaused) return this.#pausedSamples;
    return this.#replaySamples > 0 ? 0 : this.#buffer.silentSamples;
  }

  get #isSilent(): boolean {
    return this.#gain === 0;
  }

  /** Returns how much of it is the agent's voice; the rest is silence after it. */
  #pullFresh(out: Float32Array): number {
    if (out.length === 0) return 0;
    const before = this.#buffer.positionSamples;
    this.#buffer.pullInto(out);
    const { positionSamples, turnStartSamples } = this.#buffer;
    if (turnStartSamples !== this.#turnStartSamples) {
      this.#turnStartSamples = turnStartSamples;
      this.#history.clear();
    }
    const fresh = Math.min(out.length, positionSamples - Math.max(before, turnStartSamples));
    if (fresh <= 0) return 0;
    this.#history.write(out.subarray(0, fresh));
    return fresh;
  }

  #rewind(): void {
    const unheard = Math.max(0, this.#rewindSamples - this.#buffer.silentSamples);
    this.#rewindSamples = 0;
    this.#replaySamples = Math.min(this.#history.samples, this.#replaySamples + unheard);
  }

  #fade(out: Float32Array): void {
    const target = this.#isPaused ? 0 : 1;
    if (this.#gain === target) return;
    const step = (target === 0 ? -1 : 1) / this.#fadeSamples;
    for (let i = 0; i < out.length; i++) {
      this.#gain = Math.max(0, Math.min(1, this.#gain + step));
      out[i] = (out[i] ?? 0) * this.#gain;
    }
  }
}

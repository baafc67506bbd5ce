import { dbToGain, msToSamples, samplesToMs, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { GainRamp } from "./gain-ramp";
import { PlayoutQueue } from "./playout-queue";

export interface PlayoutFrame {
  /** Position of the first sample on the agent's sample clock; integer of 0 or more. */
  sampleIndex: number;
  /** Float32 in [-1, 1], mono; kept, so the caller must not change it afterwards. Values that are no number become silence. */
  samples: Float32Array;
  /** Last frame of the turn: nothing needs to be waited for. */
  isLast: boolean;
}

export interface JitterBufferOptions {
  /** Rate of the frames and of `pull`, Hz. Default 48,000. */
  sampleRateHz?: number;
  /** Audio that must be there before a turn starts, or goes on after an underrun, ms. Default 40. */
  targetDelayMs?: number;
  /** A turn starts after this wait even with less than `targetDelayMs`, ms. Default 120. */
  maxStartWaitMs?: number;
  /** Most audio held, ms; on overflow the newest frame is dropped, so that what plays stays in order. Default 10,000. */
  capacityMs?: number;
}

export interface PlayoutTransition {
  type: "playout-start" | "playout-end";
  /** On the agent's sample clock. */
  positionSamples: number;
  /** On the speaker's clock: samples pulled since the buffer was made. */
  pulledSamples: number;
}

/** Long enough that a cut is no click, short enough that nobody hears a word more. */
const FADE_OUT_MS = 5;
const DUCK_RAMP_MS = 10;
/** A turn whose audio stays away this long has ended, although no last frame came. */
const STARVED_END_MS = 500;

/**
 * Queue between the network and the speaker: trades `targetDelayMs` of delay for gapless sound, and knows which
 * sample leaves next. It has no clock of its own; the one who pulls is the clock.
 *
 * The sample index may jump forward between turns; the position follows when the new audio starts to play.
 * Frames that come late or twice are dropped, so the position never goes back.
 */
export class JitterBuffer {
  readonly #rateHz: number;
  readonly #targetSamples: number;
  readonly #maxStartWaitSamples: number;
  readonly #capacitySamples: number;
  readonly #queue = new PlayoutQueue();
  readonly #gain: GainRamp;
  #transitions: PlayoutTransition[] = [];
  #isPlaying = false;
  /** Between playout-start and playout-end, underruns included. */
  #isTurnOpen = false;
  #endsDuck = false;
  #positionSamples = 0;
  #turnStartSamples = 0;
  #pulledSamples = 0;
  #silentSamples = 0;
  #waitedSamples = 0;
  #underrunCount = 0;
  #droppedFrameCount = 0;

  constructor(options: JitterBufferOptions = {}) {
    this.#rateHz = options.sampleRateHz ?? VOICE_SAMPLE_RATE_HZ;
    this.#targetSamples = this.#samplesOf(options.targetDelayMs ?? 40);
    this.#maxStartWaitSamples = this.#samplesOf(options.maxStartWaitMs ?? 120);
    this.#capacitySamples = this.#samplesOf(options.capacityMs ?? 10_000);
    this.#gain = new GainRamp(this.#samplesOf(DUCK_RAMP_MS));
  }

  /** Index of the next sample to leave. */
  get positionSamples(): number {
    return this.#positionSamples;
  }

  /** Where the turn began that plays now or played last. */
  get turnStartSamples(): number {
    return this.#turnStartSamples;
  }

  /** How long only silence has left, in samples; 0 while sound leaves. */
  get silentSamples(): number {
    return this.#silentSamples;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  get bufferedMs(): number {
    return samplesToMs(this.#queue.samples, this.#rateHz);
  }

  get underrunCount(): number {
    return this.#underrunCount;
  }

  /** Frames of which nothing was kept: late, twice, malformed, or too many. */
  get droppedFrameCount(): number {
    return this.#droppedFrameCount;
  }

  push(frame: PlayoutFrame): void {
    const { sampleIndex, samples, isLast } = frame;
    const isSane =
      Number.isSafeInteger(sampleIndex) && sampleIndex >= 0 && Number.isSafeInteger(sampleIndex + samples.length);
    if (isSane && samples.length === 0 && isLast) return this.#endTurnAt(sampleIndex);
    const late = Math.max(0, this.#positionSamples - sampleIndex);
    const fits = this.#queue.samples + samples.length <= this.#capacitySamples;
    if (!isSane || late >= samples.length || !fits) {
      this.#droppedFrameCount++;
      return;
    }
    const kept = finite(samples.subarray(late));
    const added = this.#queue.insert({ startSample: sampleIndex + late, samples: kept, isLast });
    if (added === 0) this.#droppedFrameCount++;
  }

  /** The next `sampleCount` samples to play; silence where there are none. */
  pull(sampleCount: number): Float32Array {
    const out = new Float32Array(sampleCount);
    this.pullInto(out);
    return out;
  }

  /** As `pull`, into an array of the caller. */
  pullInto(out: Float32Array): void {
    let at = 0;
    while (at < out.length && (this.#isPlaying || this.#start(at))) at += this.#play(out, at);
    if (at < out.length) this.#stayedSilent(out.fill(0, at).length - at);
    this.#gain.apply(out);
    this.#pulledSamples += out.length;
  }

  /**
   * Throws away what is queued from `fromSample` on. What is playing fades out over 5 ms, so at most that much of the
   * discarded part is still heard. The turn ends there, and a duck with it. Beyond the end of the queue there is nothing
   * to throw away, and nothing happens.
   */
  flushFrom(fromSample: number): void {
    if (fromSample > (this.#queue.endSample ?? this.#positionSamples)) return;
    const fadeSamples = this.#isPlaying ? this.#samplesOf(FADE_OUT_MS) : 0;
    this.#queue.truncate(Math.max(fromSample, this.#positionSamples + fadeSamples));
    this.#queue.fadeOutEnd(fadeSamples);
    this.#endsDuck = true;
    if (this.#queue.head === undefined) this.#endTurn(0);
  }

  /** Lowers the voice to `gainDb` (0 or less) over 10 ms, until `unduck` or a flush. */
  duck(gainDb: number): void {
    this.#endsDuck = false;
    this.#gain.moveTo(dbToGain(Math.min(0, gainDb)));
  }

  unduck(): void {
    this.#endsDuck = false;
    this.#gain.moveTo(1);
  }

  /** What has happened since the last call, oldest first. */
  takeTransitions(): PlayoutTransition[] {
    const transitions = this.#transitions;
    this.#transitions = [];
    return transitions;
  }

  /** Starts or goes on when enough is there. `at`: offset in the block being pulled. */
  #start(at: number): boolean {
    const head = this.#queue.head;
    if (head === undefined) return false;
    const ready = this.#queue.contiguousHead();
    const isDue =
      ready.hasLast || ready.samples >= this.#targetSamples || this.#waitedSamples >= this.#maxStartWaitSamples;
    if (!isDue) return false;
    this.#positionSamples = head.startSample;
    this.#isPlaying = true;
    if (!this.#isTurnOpen) {
      this.#isTurnOpen = true;
      this.#turnStartSamples = head.startSample;
      this.#report("playout-start", at);
    }
    return true;
  }

  #play(out: Float32Array, at: number): number {
    if (this.#queue.head?.startSample !== this.#positionSamples) {
      this.#underrunCount++;
      this.#isPlaying = false;
      this.#waitedSamples = 0;
      return 0;
    }
    const { count, endedTurn } = this.#queue.takeInto(out, at);
    this.#positionSamples += count;
    this.#silentSamples = 0;
    if (endedTurn) this.#endTurn(at + count);
    return count;
  }

  #stayedSilent(samples: number): void {
    this.#silentSamples += samples;
    if (this.#queue.head !== undefined) this.#waitedSamples += samples;
    else if (this.#silentSamples >= this.#samplesOf(STARVED_END_MS)) this.#endTurn(0);
  }

  #endTurnAt(endSample: number): void {
    if (!this.#queue.markLast(endSample) && this.#queue.head === undefined && endSample === this.#positionSamples)
      this.#endTurn(0);
  }

  #endTurn(at: number): void {
    this.#isPlaying = false;
    this.#waitedSamples = 0;
    if (this.#endsDuck) this.unduck();
    if (!this.#isTurnOpen) return;
    this.#isTurnOpen = false;
    this.#report("playout-end", at);
  }

  #report(type: PlayoutTransition["type"], at: number): void {
    this.#transitions.push({ type, positionSamples: this.#positionSamples, pulledSamples: this.#pulledSamples + at });
  }

  #samplesOf(durationMs: number): number {
    return msToSamples(durationMs, this.#rateHz);
  }
}

function finite(samples: Float32Array): Float32Array {
  return samples.every(Number.isFinite) ? samples : samples.map((sample) => (Number.isFinite(sample) ? sample : 0));
}

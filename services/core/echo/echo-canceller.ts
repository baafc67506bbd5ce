import { EARS_SAMPLE_RATE_HZ, msToSamples } from "#contracts/units";
import type { SampleWindow } from "../audio/window-splitter";
import { rms } from "../audio/pcm";
import {
  ECHO_WINDOW_SAMPLES,
  type CleanedWindow,
  type EchoCanceller,
  type EchoCancellerFactory,
  type PlayedSound,
} from "../ports/echo-canceller";
import { ClosedMicrophone } from "./closed-microphone";
import { DelayLock } from "./delay-lock";
import { EchoFilter } from "./echo-filter";
import { NearVoice } from "./near-voice";

/** So many windows of 32 ms are an echo of up to 0.57 s, delay and tail together. */
const PARTITION_COUNT = 18;
/** The reference is read this far ahead, because a report may be late. */
const LEAD_SAMPLES = msToSamples(32, EARS_SAMPLE_RATE_HZ);
/** A jump comes soon after a start; before it there was silence. */
const REREAD_WINDOWS = 10;
/** Half of it is the window before. */
const NEAR_SMOOTHING = 0.5;
/** A share of somebody else below this is echo. */
const MIN_NEAR_RATIO = 0.5;
/** What is echo is lowered by this much, and faded over one window: 20 dB. */
const ECHO_GAIN = 0.1;

/**
 * Takes the agent's own voice out of the microphone, window by window, and says of each how likely it is that what is
 * left is still that voice. Does nothing while nothing is played and no echo can be in the room.
 */
export class KalmanEchoCanceller implements EchoCanceller {
  readonly #played: PlayedSound;
  readonly #filter = new EchoFilter({ blockSamples: ECHO_WINDOW_SAMPLES, partitionCount: PARTITION_COUNT });
  readonly #lock = new DelayLock({ blockSamples: ECHO_WINDOW_SAMPLES });
  readonly #closed = new ClosedMicrophone();
  readonly #nearVoice = new NearVoice({ binCount: this.#filter.binCount });
  readonly #reference = new Float32Array(2 * ECHO_WINDOW_SAMPLES);
  /** Windows since the speaker was last heard. */
  #silentWindows = PARTITION_COUNT;
  #startCount = 0;
  #moveCount = 0;
  /** The lock's offset when the newest window was read. */
  #placedSamples = 0;
  #nearRatio = 1;
  #gain = 1;

  constructor(played: PlayedSound) {
    this.#played = played;
  }

  /** How much faster the microphone's clock runs than the speaker's. */
  get driftPpm(): number {
    return this.#lock.driftPpm;
  }

  /** Windows of `ECHO_WINDOW_SAMPLES`, in order. */
  process(window: SampleWindow): CleanedWindow {
    this.#reference.copyWithin(0, ECHO_WINDOW_SAMPLES);
    const newest = this.#reference.subarray(ECHO_WINDOW_SAMPLES);
    this.#placedSamples = this.#lock.offsetSamples;
    const fromSample = window.endSample - ECHO_WINDOW_SAMPLES + LEAD_SAMPLES + this.#placedSamples;
    const isSounding = this.#played.read(fromSample, newest);
    this.#silentWindows = isSounding ? 0 : this.#silentWindows + 1;
    const isClosed = this.#closed.observe(window.samples);
    if (this.#silentWindows >= PARTITION_COUNT) return this.#pass(window.samples);
    if (isClosed) return this.#skip(window.samples);
    return this.#clean(window.samples, { fromSample, played: rms(newest) });
  }

  /** Holds nothing but memory of its own. */
  dispose(): void {
    this.#filter.silence();
  }

  #pass(samples: Float32Array): CleanedWindow {
    if (this.#silentWindows === PARTITION_COUNT) {
      this.#filter.silence();
      this.#nearRatio = 1;
      this.#gain = 1;
    }
    return { samples, echoLikelihood: undefined, levels: undefined };
  }

  /** [E15] Nothing is heard, so nothing is learned of the room. */
  #skip(samples: Float32Array): CleanedWindow {
    this.#filter.skip(this.#reference);
    this.#lock.skip();
    return { samples, echoLikelihood: 1, levels: undefined };
  }

  #clean(microphone: Float32Array, { fromSample, played }: { fromSample: number; played: number }): CleanedWindow {
    if (this.#startCount !== this.#played.startCount) {
      this.#startCount = this.#played.startCount;
      this.#lock.restart();
    }
    if (this.#moveCount !== this.#played.moveCount) {
      this.#moveCount = this.#played.moveCount;
      this.#filter.moved();
    }
    const isPlaced = this.#lock.isCertain;
    const { isDated } = this.#played;
    const block = this.#filter.process(this.#reference, microphone, { isLearning: isPlaced, isDated });
    if (this.#lock.observe(block.restSpectrum, block.echoSpectrum)) this.#readAgain(fromSample);
    const nearRatio = this.#nearVoice.measure(block, { isPlaced });
    this.#nearRatio = NEAR_SMOOTHING * this.#nearRatio + (1 - NEAR_SMOOTHING) * nearRatio;
    const levels = {
      played,
      microphone: rms(microphone),
      rest: rms(block.rest),
      echo: rms(block.echo),
      leakRatio: this.#nearVoice.leakRatio,
    };
    return {
      samples: this.#fade(levels.rest < levels.microphone ? block.rest : microphone),
      echoLikelihood: 1 - this.#nearRatio,
      levels,
    };
  }

  /** The place has jumped by up to a window: what was read lately is read anew. */
  #readAgain(newestSample: number): void {
    const firstSample = Math.floor(newestSample) - (REREAD_WINDOWS - 1) * ECHO_WINDOW_SAMPLES;
    const place = this.#lock.offsetSamples - this.#placedSamples;
    const long = new Float32Array((REREAD_WINDOWS + 1) * ECHO_WINDOW_SAMPLES);
    this.#played.read(firstSample + place - ECHO_WINDOW_SAMPLES, long);
    const references = Array.from({ length: REREAD_WINDOWS }, (_, i) =>
      long.subarray(i * ECHO_WINDOW_SAMPLES, (i + 2) * ECHO_WINDOW_SAMPLES),
    );
    this.#filter.replaceReferences(references);
    this.#reference.set(long.subarray(-2 * ECHO_WINDOW_SAMPLES));
  }

  /** Copies; what is only echo is lowered. */
  #fade(samples: Float32Array): Float32Array {
    const from = this.#gain;
    const to = Math.max(ECHO_GAIN, Math.min(1, this.#nearRatio / MIN_NEAR_RATIO));
    this.#gain = to;
    const faded = new Float32Array(samples.length);
    for (let i = 0; i < samples.length; i++) faded[i] = (samples[i] ?? 0) * (from + ((to - from) * i) / samples.length);
    return faded;
  }
}

export const ownEchoCancellers: EchoCancellerFactory = { create: (played) => new KalmanEchoCanceller(played) };

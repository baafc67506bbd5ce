import { EARS_SAMPLE_RATE_HZ, msToSamples } from "#contracts/units";
import type { SampleWindow } from "../audio/window-splitter";
import { rms } from "../audio/pcm";
import { createSeededRandom } from "../random/seeded-random";
import {
  ECHO_WINDOW_SAMPLES,
  type CleanedWindow,
  type EchoCanceller,
  type EchoCancellerFactory,
  type PlayedSound,
} from "../ports/echo-canceller";
import { ClosedMicrophone, isDigitalSilence } from "./closed-microphone";
import { DelayLock } from "./delay-lock";
import { EchoFilter, type FilteredBlock } from "./echo-filter";
import { NearVoice } from "./near-voice";
import { RoomTrial, type TriedWindow } from "./room-trial";

/** So many windows of 32 ms are an echo of up to 0.57 s, delay and tail together. */
const PARTITION_COUNT = 18;
const FILTER_OPTIONS = { blockSamples: ECHO_WINDOW_SAMPLES, partitionCount: PARTITION_COUNT };
/** The reference is read this far ahead, because a report may be late. */
const LEAD_SAMPLES = msToSamples(32, EARS_SAMPLE_RATE_HZ);
/** A jump comes soon after a start; before it there was silence. */
const REREAD_WINDOWS = 10;
/** So long after its last sound, 96 ms, a speaker is still heard well enough to find its place. */
const RINGING_WINDOWS = 3;
/** A foreseen echo that is softer than what the microphone hears by more than this, 14 dB, mangles little. */
const MIN_ECHO_SHARE = 0.2;
/** So many windows, half a second, in which the agent was played into an open microphone tell something of the room. */
const OPEN_WINDOWS = 16;
/** ±3 steps of 16 bits, the quietest room, in place of digital silence: from zeros the filter learns slowly. */
const QUIET_ROOM_PEAK = 3 / 32_768;
const quietRoom = createQuietRoom();
/** Half of it is the window before. */
const NEAR_SMOOTHING = 0.5;
/** A share of somebody else below this is echo. */
const MIN_NEAR_RATIO = 0.5;
/** What is echo is lowered by this much, and faded over one window: 20 dB. */
const ECHO_GAIN = 0.1;

interface HeardWindow {
  window: SampleWindow;
  /** Level of what was played meanwhile. */
  played: number;
}

/**
 * Takes the agent's own voice out of the microphone, window by window, and says of each how likely it is that what is
 * left is still that voice. Does nothing while nothing is played and no echo can be in the room.
 */
export class KalmanEchoCanceller implements EchoCanceller {
  readonly #played: PlayedSound;
  #filter = new EchoFilter(FILTER_OPTIONS);
  readonly #trial = new RoomTrial(FILTER_OPTIONS);
  readonly #lock = new DelayLock({ blockSamples: ECHO_WINDOW_SAMPLES });
  readonly #closed = new ClosedMicrophone();
  /** In which the microphone was open while the agent was played. */
  #openWindows = 0;
  readonly #nearVoice = new NearVoice({ binCount: this.#filter.binCount });
  readonly #reference = new Float32Array(2 * ECHO_WINDOW_SAMPLES);
  /** Windows since the speaker was last heard. */
  #silentWindows = PARTITION_COUNT;
  #startCount = 0;
  #moveCount = 0;
  /** The lock's offset when the newest window was read. */
  #placedSamples = 0;
  /** Held back since the speaker has started, oldest first. */
  readonly #held: HeardWindow[] = [];
  /** Nothing has been held back since the start, or is still. */
  #mayHold = false;
  #nearRatio = 1;
  #gain = 1;

  constructor(played: PlayedSound) {
    this.#played = played;
  }

  /** How much faster the microphone's clock runs than the speaker's. */
  get driftPpm(): number {
    return this.#lock.driftPpm;
  }

  /** Windows of `ECHO_WINDOW_SAMPLES`, in order; at a start of the speaker held back until the place of the echo is found [E16]. */
  process(window: SampleWindow): CleanedWindow[] {
    this.#reference.copyWithin(0, ECHO_WINDOW_SAMPLES);
    const newest = this.#reference.subarray(ECHO_WINDOW_SAMPLES);
    this.#placedSamples = this.#lock.offsetSamples;
    const fromSample = window.endSample - ECHO_WINDOW_SAMPLES + LEAD_SAMPLES + this.#placedSamples;
    const isSounding = this.#played.read(fromSample, newest);
    this.#silentWindows = isSounding ? 0 : this.#silentWindows + 1;
    const isClosed = this.#closed.observe(window.samples);
    if (isSounding && !isClosed) this.#openWindows++;
    if (this.#silentWindows >= PARTITION_COUNT) return [this.#pass(window)];
    if (isClosed && this.#openWindows >= OPEN_WINDOWS) return [...this.#release(), this.#skip(window)];
    const heard = isClosed && isDigitalSilence(window.samples) ? { ...window, samples: quietRoom } : window;
    return this.#clean({ window: heard, played: rms(newest) }, fromSample);
  }

  /** Holds nothing but memory of its own. */
  dispose(): void {
    this.#filter.silence();
  }

  #pass({ samples, endSample }: SampleWindow): CleanedWindow {
    if (this.#silentWindows === PARTITION_COUNT) {
      this.#filter.silence();
      this.#trial.stop();
      this.#nearRatio = 1;
      this.#gain = 1;
    }
    return { samples, endSample, echoLikelihood: undefined, levels: undefined };
  }

  /** [E15] Nothing is heard, so nothing more is learned of the room. */
  #skip({ samples, endSample }: SampleWindow): CleanedWindow {
    this.#filter.skip(this.#reference);
    this.#lock.skip();
    this.#trial.stop();
    return { samples, endSample, echoLikelihood: 1, levels: undefined };
  }

  #clean(heard: HeardWindow, fromSample: number): CleanedWindow[] {
    if (this.#startCount !== this.#played.startCount) {
      this.#startCount = this.#played.startCount;
      this.#lock.restart();
      this.#mayHold = true;
    }
    if (this.#moveCount !== this.#played.moveCount) {
      this.#moveCount = this.#played.moveCount;
      this.#filter.moved();
      this.#trial.stop();
    }
    const isPlaced = this.#lock.isCertain;
    const { isDated } = this.#played;
    const block = this.#filter.process(this.#reference, heard.window.samples, { isLearning: isPlaced, isDated });
    const hasMoved = this.#lock.observe(block.restSpectrum, block.echoSpectrum);
    if (hasMoved) this.#readAgain(fromSample);
    if (isPlaced && !hasMoved) {
      const cleaned = this.#separate(heard, block);
      this.#tryAnew(heard.window.samples, { isDated, rest: rms(block.rest), nearRatio: this.#nearRatio });
      return [cleaned];
    }
    this.#trial.stop();
    const isHolding =
      this.#mayHold && this.#silentWindows <= RINGING_WINDOWS && this.#hasPlace() && isEchoed(heard, block);
    if (!isHolding && this.#held.length === 0) return [this.#separate(heard, block)];
    this.#held.push(heard);
    if (isHolding && !this.#lock.isCertain && this.#held.length < REREAD_WINDOWS) return [];
    // A speaker that fell silent at once may sound again.
    this.#mayHold = !isHolding;
    return this.#release();
  }

  /** There is an echo, so that its place can be found, or has been by this window. */
  #hasPlace(): boolean {
    return this.#held.length > 0 || this.#lock.isCertain || this.#lock.isHeard;
  }

  /** What was held back, by what is known of its place by now. */
  #release(): CleanedWindow[] {
    const held = this.#held.splice(0);
    return held.map((heard, index) => {
      const block = this.#filter.processAgain(heard.window.samples, { blocksAgo: held.length - 1 - index });
      return this.#separate(heard, block);
    });
  }

  #separate({ window, played }: HeardWindow, block: FilteredBlock): CleanedWindow {
    const nearRatio = this.#nearVoice.measure(block, { isPlaced: this.#lock.isCertain });
    this.#nearRatio = NEAR_SMOOTHING * this.#nearRatio + (1 - NEAR_SMOOTHING) * nearRatio;
    const levels = {
      played,
      microphone: rms(window.samples),
      rest: rms(block.rest),
      echo: rms(block.echo),
      leakRatio: this.#nearVoice.leakRatio,
    };
    return {
      samples: this.#fade(levels.rest < levels.microphone ? block.rest : window.samples),
      endSample: window.endSample,
      echoLikelihood: 1 - this.#nearRatio,
      levels,
    };
  }

  /** [E17] What sounds like somebody may be the agent in another room. */
  #tryAnew(microphone: Float32Array, window: Omit<TriedWindow, "reference" | "microphone">): void {
    const better = this.#trial.observe(this.#filter, { reference: this.#reference, microphone, ...window });
    if (better === undefined) return;
    this.#filter = better;
    this.#lock.roomChanged();
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

function createQuietRoom(): Float32Array {
  const random = createSeededRandom(1, "quiet-room");
  return Float32Array.from({ length: ECHO_WINDOW_SAMPLES }, () => QUIET_ROOM_PEAK * (2 * random() - 1));
}

function isEchoed({ window }: HeardWindow, { echo }: FilteredBlock): boolean {
  return rms(echo) >= MIN_ECHO_SHARE * rms(window.samples);
}

export const ownEchoCancellers: EchoCancellerFactory = { create: (played) => new KalmanEchoCanceller(played) };

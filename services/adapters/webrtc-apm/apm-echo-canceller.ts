import { EARS_SAMPLE_RATE_HZ, msToSamples } from "#contracts/units";
import { concatFloat, floatToPcm, pcmToFloat, rms } from "#core/audio/pcm";
import { WindowSplitter, type SampleWindow } from "#core/audio/window-splitter";
import { ClosedMicrophone } from "#core/echo/closed-microphone";
import {
  ECHO_WINDOW_SAMPLES,
  type CleanedWindow,
  type EchoCanceller,
  type EchoCancellerFactory,
  type EchoLevels,
  type PlayedSound,
} from "#core/ports/echo-canceller";
import { APM_FRAME_SAMPLES, loadApmLibrary, type ApmLibrary, type ApmStream } from "./apm-library";

/** The reference is read this far ahead, because a report may be late. */
const LEAD_MS = 32;
const LEAD_SAMPLES = msToSamples(LEAD_MS, EARS_SAMPLE_RATE_HZ);
/** Frames do not divide windows: at worst so much of one waits for the next. */
const LATENCY_SAMPLES = APM_FRAME_SAMPLES - 32;
/** 0.57 s, for as long as our own takes an echo to last. */
const ECHO_WINDOWS = 18;
/** The share of an echo that usually stays, as our own judges it: followed by so much at each window, within these bounds. */
const LEAK_STEP = 1.03;
const MIN_LEAK = 0.01;
const MAX_LEAK = 0.3;
/** So much more than usual may stay and still be echo. */
const LEAK_HEADROOM = 6;
/** −60 dBFS: there is no echo to speak of below. */
const MIN_ECHO = 1e-3;

/** WebRTC's canceller behind our port. Rejects with `echo-canceller-missing`. */
export async function createApmEchoCancellers(): Promise<EchoCancellerFactory> {
  const library = await loadApmLibrary();
  return { create: (played) => new ApmEchoCanceller(library, played) };
}

/** 10 ms inside, windows of 32 ms outside; the microphone comes out 8 ms later, also while nothing is played. */
class ApmEchoCanceller implements EchoCanceller {
  readonly #played: PlayedSound;
  readonly #stream: ApmStream;
  readonly #farFrames = new WindowSplitter({ windowSamples: APM_FRAME_SAMPLES });
  readonly #nearFrames = new WindowSplitter({ windowSamples: APM_FRAME_SAMPLES });
  readonly #reference = new Float32Array(ECHO_WINDOW_SAMPLES);
  /** Cleaned, and not given out yet. */
  #waiting = new Float32Array(LATENCY_SAMPLES);
  /** The end of the microphone that has not come out yet. */
  #late = new Float32Array(LATENCY_SAMPLES);
  readonly #closed = new ClosedMicrophone();
  #silentWindows = ECHO_WINDOWS;
  #leakRatio = MAX_LEAK;

  constructor(library: ApmLibrary, played: PlayedSound) {
    this.#played = played;
    this.#stream = library.open({ delayMs: LEAD_MS });
  }

  process(window: SampleWindow): CleanedWindow[] {
    const { endSample } = window;
    const isSounding = this.#played.read(endSample - ECHO_WINDOW_SAMPLES + LEAD_SAMPLES, this.#reference);
    this.#silentWindows = isSounding ? 0 : this.#silentWindows + 1;
    const isClosed = this.#closed.observe(window.samples);
    const samples = this.#clean(window.samples);
    const microphone = this.#delay(window.samples);
    if (this.#silentWindows >= ECHO_WINDOWS)
      return [{ samples, endSample, echoLikelihood: undefined, levels: undefined }];
    if (isClosed) return [{ samples, endSample, echoLikelihood: 1, levels: undefined }];
    const levels = this.#measure(microphone, samples);
    return [{ samples, endSample, echoLikelihood: echoLikelihoodOf(levels), levels }];
  }

  dispose(): void {
    this.#stream.dispose();
  }

  #clean(samples: Float32Array): Float32Array {
    const far = this.#farFrames.push(this.#reference);
    const cleaned = this.#nearFrames.push(samples).map((near, i) => {
      this.#stream.far.set(floatToPcm(far[i]?.samples ?? new Float32Array(APM_FRAME_SAMPLES)));
      this.#stream.near.set(floatToPcm(near.samples));
      this.#stream.run();
      return pcmToFloat(this.#stream.near);
    });
    const whole = concatFloat([this.#waiting, ...cleaned]);
    this.#waiting = whole.slice(ECHO_WINDOW_SAMPLES);
    return whole.slice(0, ECHO_WINDOW_SAMPLES);
  }

  /** What was taken away is the echo. */
  #measure(microphone: Float32Array, cleaned: Float32Array): EchoLevels {
    const [before, rest] = [rms(microphone), rms(cleaned)];
    const echo = Math.sqrt(Math.max(0, before ** 2 - rest ** 2));
    if (echo > MIN_ECHO) {
      const step = rest ** 2 > this.#leakRatio * echo ** 2 ? LEAK_STEP : 1 / LEAK_STEP;
      this.#leakRatio = Math.max(MIN_LEAK, Math.min(MAX_LEAK, this.#leakRatio * step));
    }
    return { played: rms(this.#reference), microphone: before, rest, echo, leakRatio: this.#leakRatio };
  }

  #delay(samples: Float32Array): Float32Array {
    const whole = concatFloat([this.#late, samples]);
    this.#late = whole.slice(ECHO_WINDOW_SAMPLES);
    return whole.subarray(0, ECHO_WINDOW_SAMPLES);
  }
}

/** That what is left could be left by the echo [E6]. */
function echoLikelihoodOf({ rest, echo, leakRatio }: EchoLevels): number {
  const [restPower, echoPower] = [rest ** 2, echo ** 2];
  return restPower === 0 ? 1 : Math.min(1, (LEAK_HEADROOM * leakRatio * echoPower) / restPower);
}

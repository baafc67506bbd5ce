import { EARS_SAMPLE_RATE_HZ, samplesToMs } from "#contracts/units";
import { pcmToFloat } from "#core/audio/pcm";
import { WindowSplitter, type SampleWindow } from "#core/audio/window-splitter";
import type { Disposable } from "#core/lifecycle/disposable";
import type { SpeechDetector } from "#core/ports/speech-detector";
import type { StreamResampler } from "#core/ports/resampler";
import type { SpeechSegmenter } from "#core/speech/speech-segmenter";
import { SpeechSuspicion } from "#core/speech/speech-suspicion";
import type { MicWindow } from "./user-listener";

/** 1 s: the microphone must stay current, so what waits longer for detection is dropped, oldest first. */
const MAX_WAITING_WINDOWS = 32;

/** No start of a word is softer for longer, ms. */
const MAX_LEAD_MS = 128;

export interface MicEvents {
  /** One window sounded like speech; `onSpeechStart` or `onSpeechUnconfirmed` follows. */
  onSpeechSuspected(): void;
  onSpeechUnconfirmed(): void;
  onSpeechStart(startSample: number): void;
  onSpeechEnd(end: { endSample: number; silenceMs: number }): void;
  /** Every window in order, after the speech events that it caused. */
  onWindow(window: MicWindow): void;
  onDropped(): void;
  onError(error: unknown): void;
}

export interface MicInputDeps {
  detector: SpeechDetector;
  /** To 16 kHz. */
  resampler: StreamResampler;
  segmenter: SpeechSegmenter;
  /**
   * From this probability on, one window is told as suspected speech; at most the segmenter's own threshold. `echoLikelihood`
   * as in `EchoedWindow`.
   */
  suspicionThreshold(echoLikelihood: number | undefined): number;
  /** Absent: the microphone is taken as it is. */
  echo?: { process(window: SampleWindow): EchoedWindow[] } | undefined;
  /** Waited for before each window, so that many microphones at once do not hold up the voices. Absent: at once. */
  nextTurn?: (() => Promise<void>) | undefined;
  events: MicEvents;
}

/** A window after the agent's own voice was taken out. */
export interface EchoedWindow extends SampleWindow {
  /** That what is left is still that voice, 0 to 1; undefined while nothing is played. */
  echoLikelihood: number | undefined;
  /** It is no speech, whatever it sounds like. */
  isEcho: boolean;
}

/** The microphone's way in: PCM of any length → 16 kHz → windows → echo out → speech probability → start and end of speech. */
export class MicInput implements Disposable {
  readonly #deps: MicInputDeps;
  readonly #splitter: WindowSplitter;
  readonly #waiting: SampleWindow[] = [];
  #isDetecting = false;
  #isDisposed = false;
  readonly #suspicion = new SpeechSuspicion();
  /** Where the suspicion began that lasts, or that turned out to be speech. */
  #suspectedFromSample = 0;
  #leadMs = 0;
  #receivedSamples = 0;

  constructor(deps: MicInputDeps) {
    this.#deps = deps;
    this.#splitter = new WindowSplitter({ windowSamples: deps.detector.windowSamples });
  }

  /** How much has come in, 16 kHz: the microphone's clock. */
  get receivedSamples(): number {
    return this.#receivedSamples;
  }

  push(pcm: Int16Array): void {
    if (this.#isDisposed) return;
    const samples = this.#deps.resampler.process(pcmToFloat(pcm));
    this.#receivedSamples += samples.length;
    for (const window of this.#splitter.push(samples)) {
      if (this.#waiting.length >= MAX_WAITING_WINDOWS) {
        this.#waiting.shift();
        this.#deps.events.onDropped();
      }
      this.#waiting.push(window);
    }
    void this.#detectWaiting();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#waiting.length = 0;
    this.#deps.resampler.dispose();
    if (!this.#isDetecting) this.#deps.detector.dispose();
  }

  /** One detection at a time: the model keeps state from window to window. */
  async #detectWaiting(): Promise<void> {
    if (this.#isDetecting) return;
    this.#isDetecting = true;
    try {
      for (let window = this.#waiting.shift(); window !== undefined; window = this.#waiting.shift()) {
        if (this.#deps.nextTurn !== undefined) await this.#deps.nextTurn();
        if (this.#isDisposed) break;
        for (const heard of this.#heardOf(window)) await this.#detect(heard);
      }
    } catch (error) {
      this.#waiting.length = 0;
      this.#deps.events.onError(error);
    } finally {
      this.#isDetecting = false;
      if (this.#isDisposed) this.#deps.detector.dispose();
    }
  }

  #heardOf(window: SampleWindow): EchoedWindow[] {
    return this.#deps.echo?.process(window) ?? [{ ...window, echoLikelihood: undefined, isEcho: false }];
  }

  async #detect(heard: EchoedWindow): Promise<void> {
    if (this.#isDisposed) return;
    const probability = await this.#deps.detector.detect(heard.samples);
    if (this.#isDisposed) return;
    this.#report(heard, { endSample: heard.endSample, probability: heard.isEcho ? 0 : probability });
  }

  #report({ samples, echoLikelihood }: EchoedWindow, judged: { endSample: number; probability: number }): void {
    const { segmenter, events } = this.#deps;
    for (const event of segmenter.push(judged)) {
      if (event.type === "speech-start") this.#speechStarted(event.startSample);
      else events.onSpeechEnd({ endSample: event.endSample, silenceMs: segmenter.silenceMs });
    }
    const isSuspicious = judged.probability >= this.#deps.suspicionThreshold(echoLikelihood);
    this.#reportSuspicion(isSuspicious, judged.endSample - samples.length);
    const { speechMs, silenceMs } = segmenter;
    events.onWindow({ samples, speechMs, silenceMs, leadMs: this.#leadMs, echoLikelihood });
  }

  #speechStarted(startSample: number): void {
    const leadSamples = this.#suspicion.isSuspected ? Math.max(0, startSample - this.#suspectedFromSample) : 0;
    this.#leadMs = Math.min(MAX_LEAD_MS, samplesToMs(leadSamples, EARS_SAMPLE_RATE_HZ));
    this.#deps.events.onSpeechStart(startSample);
  }

  #reportSuspicion(isSuspicious: boolean, startSample: number): void {
    const { events, segmenter } = this.#deps;
    const { activity } = segmenter;
    const wasSuspected = this.#suspicion.isSuspected;
    this.#suspicion.push({ isSuspicious, activity });
    const { isSuspected } = this.#suspicion;
    if (isSuspected && !wasSuspected) {
      this.#suspectedFromSample = startSample;
      events.onSpeechSuspected();
    }
    const isSpeech = activity === "speaking" || activity === "stopping";
    if (!isSuspected && !isSpeech && wasSuspected) events.onSpeechUnconfirmed();
  }
}

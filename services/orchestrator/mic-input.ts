import { pcmToFloat } from "#core/audio/pcm";
import { WindowSplitter, type SampleWindow } from "#core/audio/window-splitter";
import type { EchoCanceller } from "#core/echo/echo-canceller";
import type { Disposable } from "#core/lifecycle/disposable";
import type { SpeechDetector } from "#core/ports/speech-detector";
import type { StreamResampler } from "#core/ports/resampler";
import type { SpeechSegmenter } from "#core/speech/speech-segmenter";
import type { MicWindow } from "./user-listener";

/** A window that is more likely our own echo than not is no speech. */
const MAX_ECHO_LIKELIHOOD = 0.5;
/** 1 s: the microphone must stay current, so what waits longer for detection is dropped, oldest first. */
const MAX_WAITING_WINDOWS = 32;

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
  /** From this probability on, one window is told as suspected speech; at most the segmenter's own threshold. */
  suspicionThreshold: number;
  /** Absent: the microphone is taken as it is. */
  canceller?: EchoCanceller | undefined;
  events: MicEvents;
}

/** The microphone's way in: PCM of any length → 16 kHz → windows → echo out → speech probability → start and end of speech. */
export class MicInput implements Disposable {
  readonly #deps: MicInputDeps;
  readonly #splitter: WindowSplitter;
  readonly #waiting: SampleWindow[] = [];
  #isDetecting = false;
  #isDisposed = false;
  #isSuspected = false;
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
        const { samples, echoLikelihood } = this.#clean(window);
        const probability = await this.#deps.detector.detect(samples);
        if (this.#isDisposed) break;
        this.#report({ ...window, samples }, echoLikelihood > MAX_ECHO_LIKELIHOOD ? 0 : probability);
      }
    } catch (error) {
      this.#waiting.length = 0;
      this.#deps.events.onError(error);
    } finally {
      this.#isDetecting = false;
      if (this.#isDisposed) this.#deps.detector.dispose();
    }
  }

  #clean(window: SampleWindow): { samples: Float32Array; echoLikelihood: number } {
    return this.#deps.canceller?.process(window) ?? { samples: window.samples, echoLikelihood: 0 };
  }

  #report(window: SampleWindow, probability: number): void {
    const { segmenter, events } = this.#deps;
    for (const event of segmenter.push({ probability, endSample: window.endSample })) {
      if (event.type === "speech-start") events.onSpeechStart(event.startSample);
      else events.onSpeechEnd({ endSample: event.endSample, silenceMs: segmenter.silenceMs });
    }
    this.#reportSuspicion(probability);
    events.onWindow({ samples: window.samples, speechMs: segmenter.speechMs, silenceMs: segmenter.silenceMs });
  }

  #reportSuspicion(probability: number): void {
    const { segmenter, events, suspicionThreshold } = this.#deps;
    const isSpeech = segmenter.activity === "speaking" || segmenter.activity === "stopping";
    const isSuspected = !isSpeech && (segmenter.activity === "starting" || probability >= suspicionThreshold);
    if (isSuspected && !this.#isSuspected) events.onSpeechSuspected();
    if (!isSuspected && !isSpeech && this.#isSuspected) events.onSpeechUnconfirmed();
    this.#isSuspected = isSuspected;
  }
}

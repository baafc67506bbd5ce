import { pcmToFloat } from "#core/audio/pcm";
import { WindowSplitter, type SampleWindow } from "#core/audio/window-splitter";
import type { Disposable } from "#core/lifecycle/disposable";
import type { SpeechDetector } from "#core/ports/speech-detector";
import type { StreamResampler } from "#core/ports/resampler";
import type { SpeechSegmenter } from "#core/speech/speech-segmenter";
import type { MicWindow } from "./user-listener";

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
  events: MicEvents;
}

/** The microphone's way in: PCM of any length → 16 kHz → windows → speech probability → start and end of speech. */
export class MicInput implements Disposable {
  readonly #deps: MicInputDeps;
  readonly #splitter: WindowSplitter;
  readonly #waiting: SampleWindow[] = [];
  #isDetecting = false;
  #isDisposed = false;

  constructor(deps: MicInputDeps) {
    this.#deps = deps;
    this.#splitter = new WindowSplitter({ windowSamples: deps.detector.windowSamples });
  }

  push(pcm: Int16Array): void {
    if (this.#isDisposed) return;
    for (const window of this.#splitter.push(this.#deps.resampler.process(pcmToFloat(pcm)))) {
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
        const probability = await this.#deps.detector.detect(window.samples);
        if (this.#isDisposed) break;
        this.#report(window, probability);
      }
    } catch (error) {
      this.#waiting.length = 0;
      this.#deps.events.onError(error);
    } finally {
      this.#isDetecting = false;
      if (this.#isDisposed) this.#deps.detector.dispose();
    }
  }

  #report(window: SampleWindow, probability: number): void {
    const { segmenter, events } = this.#deps;
    const before = segmenter.activity;
    for (const event of segmenter.push({ probability, endSample: window.endSample })) {
      if (event.type === "speech-start") events.onSpeechStart(event.startSample);
      else events.onSpeechEnd({ endSample: event.endSample, silenceMs: segmenter.silenceMs });
    }
    const { activity } = segmenter;
    if (before === "quiet" && activity === "starting") events.onSpeechSuspected();
    if (before === "starting" && activity === "quiet") events.onSpeechUnconfirmed();
    events.onWindow({ samples: window.samples, speechMs: segmenter.speechMs, silenceMs: segmenter.silenceMs });
  }
}

import { createDeferred, type Deferred } from "#core/lifecycle/deferred";
import type { Recording } from "./sound-check";

/** Collects the microphone for so long as somebody asked. */
export class RecordingTape {
  readonly #sampleRateHz: number;
  #pcm = new Int16Array(0);
  #filledSamples = 0;
  #isZero = true;
  #asked: Deferred<Recording> | undefined;

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
  }

  /** A second call while one runs ends that one with what it has. */
  record(durationMs: number): Promise<Recording> {
    this.end();
    this.#pcm = new Int16Array(Math.ceil((durationMs * this.#sampleRateHz) / 1000));
    this.#filledSamples = 0;
    this.#isZero = true;
    this.#asked = createDeferred<Recording>();
    return this.#asked.promise;
  }

  append(pcm: Int16Array, isZero: boolean): void {
    if (this.#asked === undefined) return;
    const part = pcm.subarray(0, this.#pcm.length - this.#filledSamples);
    this.#pcm.set(part, this.#filledSamples);
    this.#filledSamples += part.length;
    this.#isZero &&= isZero;
    if (this.#filledSamples === this.#pcm.length) this.end();
  }

  end(): void {
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.resolve({
      pcm: this.#pcm.subarray(0, this.#filledSamples),
      sampleRateHz: this.#sampleRateHz,
      isZero: this.#isZero,
    });
  }
}

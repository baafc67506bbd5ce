import { AppError } from "#contracts/errors";
import { EARS_SAMPLE_RATE_HZ, msToSamples, samplesToMs } from "#contracts/units";
import { concatFloat, rms } from "#core/audio/pcm";
import type { AsrEngine, AsrUtterance, TranscribeOptions, Transcript } from "#core/ports/asr-engine";
import type { Clock } from "#core/ports/clock";

export interface FakeAsrOptions {
  /**
   * What is heard in this audio. `utteranceIndex` counts the opened utterances from 0.
   * Not asked below 0.4 s, which gives "". Default: "hello" when the audio is louder than an RMS of 0.01.
   */
  hear?: (samples: Float32Array, utteranceIndex: number) => string;
  /** Time that each decode takes on `clock`; without it, or at 0, answers come with the next microtask. */
  decodeMs?: number;
  clock?: Clock;
}

export interface FakeAsrEngine extends AsrEngine {
  /** Utterances that were opened and not yet disposed. */
  readonly openCount: number;
  readonly transcribeCount: number;
  setReady(isReady: boolean): void;
  /** Every `transcribe` from now on rejects with this, until called with undefined. */
  failWith(error: AppError | undefined): void;
}

/** An engine that hears by rule, in no time or in exactly `decodeMs`, one decode at a time for each utterance. */
export function createFakeAsrEngine(options: FakeAsrOptions = {}): FakeAsrEngine {
  return new FakeEngine(options);
}

const hearLoudness = (samples: Float32Array): string => (rms(samples) > 0.01 ? "hello" : "");
const MIN_SAMPLES = 0.4 * EARS_SAMPLE_RATE_HZ;
const MAX_SAMPLES = 25 * EARS_SAMPLE_RATE_HZ;

class FakeEngine implements FakeAsrEngine {
  readonly options: FakeAsrOptions;
  readonly open = new Set<FakeUtterance>();
  transcribeCount = 0;
  failure: AppError | undefined;
  isClosed = false;
  #isReady = true;
  #utteranceCount = 0;

  constructor(options: FakeAsrOptions) {
    this.options = options;
  }

  get openCount(): number {
    return this.open.size;
  }

  isReady(): boolean {
    return this.#isReady && !this.isClosed;
  }

  setReady(isReady: boolean): void {
    this.#isReady = isReady;
  }

  failWith(error: AppError | undefined): void {
    this.failure = error;
  }

  openUtterance(): AsrUtterance {
    const utterance = new FakeUtterance(this, this.#utteranceCount++);
    this.open.add(utterance);
    return utterance;
  }

  close(): Promise<void> {
    this.isClosed = true;
    for (const utterance of this.open) utterance.dispose();
    return Promise.resolve();
  }
}

class FakeUtterance implements AsrUtterance {
  readonly #engine: FakeEngine;
  readonly #index: number;
  readonly #parts: Float32Array[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #cancel: () => void = () => undefined;
  readonly #cancelled: Promise<never>;

  constructor(engine: FakeEngine, index: number) {
    this.#engine = engine;
    this.#index = index;
    this.#cancelled = new Promise((_, reject) => (this.#cancel = () => reject(new AppError("cancelled"))));
    this.#cancelled.catch(() => undefined);
  }

  append(samples: Float32Array): void {
    this.#parts.push(samples.slice());
  }

  transcribe({ trailingSilenceMs = 0 }: TranscribeOptions = {}): Promise<Transcript> {
    this.#engine.transcribeCount++;
    const samples = concatFloat(this.#parts);
    const silence = new Float32Array(msToSamples(trailingSilenceMs, EARS_SAMPLE_RATE_HZ));
    const answer = this.#last.then(() => this.#decode(samples, silence));
    this.#last = answer.catch(() => undefined);
    return Promise.race([this.#cancelled, answer]);
  }

  dispose(): void {
    this.#engine.open.delete(this);
    this.#cancel();
  }

  async #decode(samples: Float32Array, silence: Float32Array): Promise<Transcript> {
    const { hear = hearLoudness, decodeMs = 0, clock } = this.#engine.options;
    if (this.#engine.isClosed) throw new AppError("cancelled");
    if (decodeMs > 0 && clock !== undefined) await new Promise<void>((resolve) => clock.setTimer(decodeMs, resolve));
    if (this.#engine.failure !== undefined) throw this.#engine.failure;
    if (samples.length > MAX_SAMPLES) throw new AppError("utterance-too-long");
    const isLongEnough = samples.length + silence.length >= MIN_SAMPLES;
    const text = isLongEnough ? hear(concatFloat([samples, silence]), this.#index) : "";
    return { text, decodeMs, audioMs: samplesToMs(samples.length, EARS_SAMPLE_RATE_HZ) };
  }
}

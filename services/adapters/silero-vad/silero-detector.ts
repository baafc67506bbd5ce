import { AppError } from "#contracts/errors";
import type { SpeechDetector, SpeechDetectorFactory } from "#core/ports/speech-detector";
import {
  loadSileroModel,
  SILERO_CONTEXT_SAMPLES,
  SILERO_STATE_VALUES,
  SILERO_WINDOW_SAMPLES,
  type SileroModel,
} from "./silero-model";
import { startSileroThread } from "./threaded-model";

export interface SileroOptions {
  modelPath: string;
  /** The built `silero-thread` entry: the model runs in a thread of its own, so that it holds up nobody on the calling one. */
  threadUrl?: URL;
}

/**
 * Silero VAD v6: 0.15 ms for each window of 32 ms, on the calling thread unless there is a `threadUrl`.
 * Rejects with `model-missing` when the file is absent or is no such model.
 */
export async function createSileroDetectorFactory({
  modelPath,
  threadUrl,
}: SileroOptions): Promise<SpeechDetectorFactory> {
  const model =
    threadUrl === undefined ? await loadSileroModel(modelPath) : await startSileroThread({ modelPath, threadUrl });
  return {
    create: () => new SileroDetector(model),
    dispose: () => model.dispose(),
  };
}

/** What is not a number, or infinite, makes the sum so. */
function areFinite(samples: Float32Array): boolean {
  const { length } = samples;
  let sum = 0;
  for (let i = 0; i < length; i++) sum += samples[i] ?? 0;
  return Number.isFinite(sum);
}

class SileroDetector implements SpeechDetector {
  readonly windowSamples = SILERO_WINDOW_SAMPLES;
  readonly #model: SileroModel;
  /** Context of the next window at the front; what follows is overwritten by each window. */
  readonly #input = new Float32Array(SILERO_CONTEXT_SAMPLES + SILERO_WINDOW_SAMPLES);
  #state = new Float32Array(SILERO_STATE_VALUES);
  #isBusy = false;
  #isDisposed = false;
  /** Grows with each reset, so that a run from before it does not bring old context back. */
  #epoch = 0;

  constructor(model: SileroModel) {
    this.#model = model;
  }

  async detect(window: Float32Array): Promise<number> {
    if (window.length !== SILERO_WINDOW_SAMPLES)
      throw new RangeError(`a window has ${SILERO_WINDOW_SAMPLES} samples, not ${window.length}`);
    if (this.#isDisposed || this.#model.isDisposed) throw new AppError("cancelled");
    if (this.#isBusy) throw new AppError("internal", { detail: "a window was given before the last one was answered" });
    if (!areFinite(window)) return this.#skipDamaged();
    this.#isBusy = true;
    const epoch = this.#epoch;
    const input = this.#input.slice();
    input.set(window, SILERO_CONTEXT_SAMPLES);
    try {
      const { speechProbability, state } = await this.#model.run(input, this.#state);
      if (epoch === this.#epoch) {
        this.#state = state.slice();
        this.#input.set(input.subarray(-SILERO_CONTEXT_SAMPLES));
      }
      return speechProbability;
    } finally {
      this.#isBusy = false;
    }
  }

  reset(): void {
    this.#epoch++;
    this.#input.fill(0);
    this.#state = new Float32Array(SILERO_STATE_VALUES);
  }

  dispose(): void {
    this.#isDisposed = true;
  }

  /** What is not a number would stay in the context and spoil later answers: it counts as silence, and all starts anew. */
  #skipDamaged(): number {
    this.reset();
    return 0;
  }
}

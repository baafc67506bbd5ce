import { basename } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { AppError } from "#contracts/errors";
import { EARS_SAMPLE_RATE_HZ } from "#contracts/units";
import { disableTelemetry } from "./disable-telemetry";

/** 32 ms: the only window that the model takes at 16 kHz. */
export const SILERO_WINDOW_SAMPLES = 512;
/** Tail of the window before, put in front of each one. Without it v6 takes the input but never finds speech. */
export const SILERO_CONTEXT_SAMPLES = 64;
const STATE_DIMS = [2, 1, 128];
export const SILERO_STATE_VALUES = 256;

export interface SileroResult {
  speechProbability: number;
  state: Float32Array;
}

/** Silero VAD v6 without a memory of its own: who asks keeps the context and the state. */
export interface SileroModel {
  readonly isDisposed: boolean;
  /** `input`: context and window. What is given is neither changed nor kept. */
  run(input: Float32Array, state: Float32Array): Promise<SileroResult>;
  /** Runs that have begun are answered. */
  dispose(): void;
}

/** Rejects with `model-missing` when the file is absent or is no such model. */
export async function loadSileroModel(modelPath: string): Promise<SileroModel> {
  disableTelemetry();
  return new LoadedModel(await loadSession(modelPath));
}

async function loadSession(modelPath: string): Promise<InferenceSession> {
  try {
    const session = await InferenceSession.create(modelPath, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    if (["input", "state", "sr"].every((name) => session.inputNames.includes(name))) return session;
    await session.release();
  } catch (error) {
    throw new AppError("model-missing", { detail: basename(modelPath), cause: error });
  }
  throw new AppError("model-missing", { detail: `${basename(modelPath)} is not a Silero model` });
}

/** Freed once it is disposed and the last run has ended. */
class LoadedModel implements SileroModel {
  readonly #session: InferenceSession;
  readonly #sampleRate = new Tensor("int64", BigInt64Array.of(BigInt(EARS_SAMPLE_RATE_HZ)), []);
  #runningCount = 0;
  #isDisposed = false;

  constructor(session: InferenceSession) {
    this.#session = session;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  async run(input: Float32Array, state: Float32Array): Promise<SileroResult> {
    this.#runningCount++;
    try {
      const results = await this.#session.run({
        input: new Tensor("float32", input, [1, input.length]),
        state: new Tensor("float32", state, STATE_DIMS),
        sr: this.#sampleRate,
      });
      return { speechProbability: floats(results, "output")[0] ?? Number.NaN, state: floats(results, "stateN") };
    } finally {
      this.#runningCount--;
      if (this.#isDisposed) this.#releaseWhenIdle();
    }
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#releaseWhenIdle();
  }

  #releaseWhenIdle(): void {
    if (this.#runningCount === 0) void this.#session.release();
  }
}

function floats(results: InferenceSession.ReturnType, name: string): Float32Array {
  const data = results[name]?.data;
  if (!(data instanceof Float32Array)) throw new AppError("internal", { detail: `the model gave no ${name}` });
  return data;
}

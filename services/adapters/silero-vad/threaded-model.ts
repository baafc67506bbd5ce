import { basename } from "node:path";
import { Worker } from "node:worker_threads";
import { AppError } from "#contracts/errors";
import { createDeferred, type Deferred } from "#core/lifecycle/deferred";
import { disableTelemetry } from "./disable-telemetry";
import type { SileroModel, SileroResult } from "./silero-model";
import type { SileroReply, SileroRequest, SileroThreadData } from "./silero-thread";

/** Of the JavaScript heap, which holds little; what the model needs is not counted. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 };

/** Resolves when the model is loaded there; rejects as `loadSileroModel`. */
export async function startSileroThread(options: { modelPath: string; threadUrl: URL }): Promise<SileroModel> {
  disableTelemetry();
  const workerData: SileroThreadData = { modelPath: options.modelPath };
  const model = new ThreadedModel(
    () => new Worker(options.threadUrl, { workerData, name: "silero", resourceLimits: THREAD_LIMITS }),
  );
  try {
    await model.ready();
  } catch (error) {
    throw new AppError("model-missing", { detail: basename(options.modelPath), cause: error });
  }
  return model;
}

interface Thread {
  worker: Worker;
  ready: Deferred<void>;
}

/** The model in a worker thread. What waits for a thread that ends by itself fails; the next run starts another one. */
class ThreadedModel implements SileroModel {
  readonly #start: () => Worker;
  readonly #waiting = new Map<number, Deferred<SileroResult>>();
  #thread: Thread;
  #lastRequestId = 0;
  #isDisposed = false;
  /** The thread has ended; why. */
  #lost: AppError | undefined;
  #wasReady = false;

  constructor(start: () => Worker) {
    this.#start = start;
    this.#thread = this.#open();
  }

  ready(): Promise<void> {
    return this.#thread.ready.promise;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  async run(input: Float32Array, state: Float32Array): Promise<SileroResult> {
    if (this.#lost !== undefined) this.#restart(this.#lost);
    const requestId = ++this.#lastRequestId;
    const values = new Float32Array(input.length + state.length);
    values.set(input);
    values.set(state, input.length);
    const answered = createDeferred<SileroResult>();
    this.#waiting.set(requestId, answered);
    this.#post({ type: "run", requestId, values });
    return answered.promise;
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#post({ type: "end" });
  }

  #open(): Thread {
    const thread: Thread = { worker: this.#start(), ready: createDeferred<void>() };
    thread.ready.promise.catch(() => undefined);
    // "error" comes before "exit", and another thread may have been started between the two.
    const lose = (reason: string): void => {
      if (thread === this.#thread) this.#lose(reason);
    };
    thread.worker.on("message", (reply: SileroReply) => this.#take(reply));
    thread.worker.once("error", (error) => lose(error.message));
    thread.worker.once("exit", () => lose("its thread has ended"));
    return thread;
  }

  /** One that could not load the model will not the next time. */
  #restart(lost: AppError): void {
    if (!this.#wasReady) throw lost;
    this.#wasReady = false;
    this.#lost = undefined;
    this.#thread = this.#open();
  }

  #post(request: SileroRequest): void {
    this.#thread.worker.postMessage(request);
  }

  #take(reply: SileroReply): void {
    switch (reply.type) {
      case "ready":
        this.#wasReady = true;
        return this.#thread.ready.resolve();
      case "unusable":
        return this.#lose(reply.reason);
      case "done":
        return this.#takeWaiting(reply.requestId)?.resolve({
          speechProbability: reply.values[0] ?? Number.NaN,
          state: reply.values.subarray(1),
        });
      case "failed":
        return this.#takeWaiting(reply.requestId)?.reject(new AppError("internal", { detail: reply.reason }));
    }
  }

  #takeWaiting(requestId: number): Deferred<SileroResult> | undefined {
    const waiting = this.#waiting.get(requestId);
    this.#waiting.delete(requestId);
    return waiting;
  }

  #lose(reason: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = new AppError("internal", { detail: `speech detection: ${reason}` });
    this.#thread.ready.reject(this.#lost);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#lost);
    this.#waiting.clear();
  }
}

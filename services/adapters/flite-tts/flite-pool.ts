import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { createDeferred, type Deferred } from "#core/lifecycle/deferred";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import { FliteThreadReply, type FliteShared, type FliteThreadRequest } from "./flite-messages";

/** A thread as the pool sees it. */
export interface FliteThread {
  post(message: FliteThreadRequest): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, however it ended. */
  onExit(listener: () => void): void;
  terminate(): void;
}

export interface FlitePoolDeps {
  /** `shared` is what the first thread that got ready has prepared. */
  createThread: (shared: FliteShared | undefined) => FliteThread;
  /** Threads kept alive. With one more than the clauses that run at a time, an abort delays nobody. */
  threadCount: number;
  clock: Clock;
  log: Logger;
}

export type FliteSpoken = Extract<FliteThreadReply, { type: "spoken" }>;
export type FliteJob = Omit<FliteThreadRequest, "jobId"> & { signal: AbortSignal };

/** An aborted clause is usually done sooner (35 to 100 ms) than a new thread is warm (300 ms): it may end by itself. */
const ABORT_GRACE_MS = 150;
/** Far above what the longest allowed clause needs (about 1 s); a thread that takes longer hangs. */
const JOB_LIMIT_MS = 15_000;
/** Waiting clauses: each stream has two at most, so this is reached only by a fault. */
const QUEUE_LIMIT = 256;
/** Threads that ended before they were ready, one after the other, until the pool gives up. */
const START_FAILURE_LIMIT = 5;

interface Waiting {
  job: FliteJob;
  done: Deferred<FliteSpoken>;
}

interface Slot {
  thread: FliteThread;
  isReady: boolean;
  running: { jobId: number; waiting: Waiting; timer: Disposable } | undefined;
}

/** Hands clauses to threads, one at a time each, and replaces the threads that die. */
export class FlitePool {
  readonly #slots = new Set<Slot>();
  readonly #queue: Waiting[] = [];
  readonly #firstReady = createDeferred<void>();
  #shared: FliteShared | undefined;
  #jobCount = 0;
  #startFailures = 0;
  #isClosed = false;

  constructor(readonly deps: FlitePoolDeps) {
    this.#firstReady.promise.catch(() => undefined);
    this.#startThread();
  }

  /** Resolves when the first thread can work. */
  ready(): Promise<void> {
    return this.#firstReady.promise;
  }

  run(job: FliteJob): Promise<FliteSpoken> {
    if (job.signal.aborted) return Promise.reject(new AppError("cancelled"));
    if (this.#isClosed) return Promise.reject(new AppError("shutting-down"));
    if (this.#slots.size === 0)
      return Promise.reject(new AppError("synthesis-failed", { detail: "the speech threads do not start" }));
    if (this.#queue.length >= QUEUE_LIMIT)
      return Promise.reject(new AppError("synthesis-failed", { detail: "too many clauses are waiting" }));
    const waiting: Waiting = { job, done: createDeferred<FliteSpoken>() };
    const onAbort = (): void => this.#abort(waiting);
    job.signal.addEventListener("abort", onAbort, { once: true });
    this.#queue.push(waiting);
    this.#assign();
    return waiting.done.promise.finally(() => job.signal.removeEventListener("abort", onAbort));
  }

  close(): void {
    this.#isClosed = true;
    this.#firstReady.reject(new AppError("shutting-down"));
    for (const waiting of this.#queue.splice(0)) waiting.done.reject(new AppError("shutting-down"));
    for (const slot of [...this.#slots]) this.#retire(slot, new AppError("shutting-down"));
  }

  #startThread(): void {
    const slot: Slot = { thread: this.deps.createThread(this.#shared), isReady: false, running: undefined };
    this.#slots.add(slot);
    slot.thread.onMessage((raw) => this.#onReply(slot, raw));
    slot.thread.onExit(() =>
      this.#replace(slot, new AppError("synthesis-failed", { detail: "the speech thread ended" })),
    );
  }

  #assign(): void {
    for (const slot of this.#slots) {
      if (!slot.isReady || slot.running !== undefined) continue;
      const waiting = this.#queue.shift();
      if (waiting === undefined) return;
      const jobId = ++this.#jobCount;
      const timer = this.deps.clock.setTimer(JOB_LIMIT_MS, () =>
        this.#replace(slot, new AppError("synthesis-failed", { detail: "it took too long" })),
      );
      slot.running = { jobId, waiting, timer };
      const { voice, text, unknownWords } = waiting.job;
      slot.thread.post({ jobId, voice, text, unknownWords });
    }
  }

  #onReply(slot: Slot, raw: unknown): void {
    const parsed = parseWith(FliteThreadReply, raw);
    if (!parsed.ok) return this.#replace(slot, new AppError("synthesis-failed", { detail: parsed.issues }));
    const reply = parsed.value;
    if (reply.type === "ready") {
      this.#shared ??= reply.shared;
      slot.isReady = true;
      this.#startFailures = 0;
      this.#firstReady.resolve();
      while (this.#slots.size < this.deps.threadCount) this.#startThread();
    } else if (slot.running?.jobId === reply.jobId) {
      const { waiting, timer } = slot.running;
      if (reply.type === "failed")
        return this.#replace(slot, new AppError("synthesis-failed", { detail: reply.reason }));
      slot.running = undefined;
      timer.dispose();
      waiting.done.resolve(reply);
    }
    this.#assign();
  }

  #abort(waiting: Waiting): void {
    waiting.done.reject(new AppError("cancelled"));
    const queued = this.#queue.indexOf(waiting);
    if (queued >= 0) this.#queue.splice(queued, 1);
    for (const slot of this.#slots) {
      if (slot.running?.waiting !== waiting) continue;
      slot.running.timer.dispose();
      slot.running.timer = this.deps.clock.setTimer(ABORT_GRACE_MS, () =>
        this.#replace(slot, new AppError("cancelled")),
      );
    }
  }

  #retire(slot: Slot, error: AppError): void {
    this.#slots.delete(slot);
    slot.running?.timer.dispose();
    slot.running?.waiting.done.reject(error);
    slot.running = undefined;
    slot.thread.terminate();
  }

  #replace(slot: Slot, error: AppError): void {
    if (!this.#slots.has(slot)) return;
    this.#retire(slot, error);
    if (error.code !== "cancelled") this.deps.log.warn("a speech thread was replaced", { reason: error.message });
    if (!slot.isReady && ++this.#startFailures >= START_FAILURE_LIMIT) {
      if (this.#slots.size > 0) return;
      const failure = new AppError("synthesis-failed", { detail: "the speech threads do not start" });
      this.#firstReady.reject(failure);
      for (const waiting of this.#queue.splice(0)) waiting.done.reject(failure);
      return;
    }
    this.#startThread();
  }
}

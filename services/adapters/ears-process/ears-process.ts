import type { EarsReply } from "#contracts/child/ears";
import { AppError, fromWireError } from "#contracts/errors";
import { createDeferred, type Deferred } from "#core/lifecycle/deferred";
import type { Disposable } from "#core/lifecycle/disposable";
import type { AsrEngine, AsrUtterance, TranscribeOptions, Transcript } from "#core/ports/asr-engine";
import type { ChildStarter } from "#core/ports/child-process";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import { EarsLink, type EarsRestartPolicy, type EarsState } from "./ears-link";
import { UtteranceAudio } from "./utterance-audio";

export interface EarsProcessOptions {
  starter: ChildStarter;
  clock: Clock;
  log: Logger;
  restart?: Partial<EarsRestartPolicy>;
  /** A child that answers nothing for so long, while it should, is killed and replaced. Default 8000: above a 25 s decode on a busy machine. */
  answerTimeoutMs?: number;
  /** Utterances open at once; `openUtterance` throws `at-capacity` beyond. At most 1.9 MB of audio each. Default 64. */
  maxUtterances?: number;
  onStateChange?: (state: EarsState) => void;
}

const DEFAULT_POLICY: EarsRestartPolicy = {
  firstBackoffMs: 50,
  maxBackoffMs: 2_000,
  maxFailures: 6,
  stableAfterMs: 10_000,
  retryAfterMs: 15_000,
  readyTimeoutMs: 30_000,
  closeTimeoutMs: 3_000,
};
/** An utterance whose decode was cut off so often is taken for the cause, and given up. */
const MAX_CRASHES = 3;
/** Unanswered transcribes of one utterance; with a partial every 500 ms this is 16 s of trouble. */
const MAX_WAITING = 32;

/**
 * Speech recognition in a child process that may die. The audio of open utterances is kept here too; a new
 * child gets all of it again and every unanswered `transcribe` is asked again. Starts the child at once.
 * While no child can be started, `transcribe` rejects with `ears-unavailable`, or with the child's own
 * error when trying again would not help (`model-missing`).
 */
export function createEarsProcess(options: EarsProcessOptions): AsrEngine {
  return new EarsEngine(options);
}

interface OpenUtterance {
  readonly id: string;
  readonly audio: UtteranceAudio;
  crashCount: number;
  isOpen: boolean;
}

interface Waiting {
  utterance: OpenUtterance;
  options: TranscribeOptions;
  answer: Deferred<Transcript>;
}

class EarsEngine implements AsrEngine {
  readonly #options: EarsProcessOptions;
  readonly #link: EarsLink;
  readonly #utterances = new Map<string, OpenUtterance>();
  /** By request id, in the order asked, which is the order in which the child works. */
  readonly #waiting = new Map<number, Waiting>();
  #watchdog: Disposable | undefined;
  #utteranceCount = 0;
  #requestCount = 0;

  constructor(options: EarsProcessOptions) {
    this.#options = options;
    this.#link = new EarsLink({
      starter: options.starter,
      clock: options.clock,
      log: options.log,
      policy: { ...DEFAULT_POLICY, ...options.restart },
      onReply: (reply) => this.#settle(reply),
      onDown: (down) => this.#onDown(down),
      onStateChange: (state) => {
        if (state === "ready") this.#resend();
        options.onStateChange?.(state);
      },
    });
    this.#link.start();
  }

  isReady(): boolean {
    return this.#link.state === "ready";
  }

  openUtterance(): AsrUtterance {
    if (this.#utterances.size >= (this.#options.maxUtterances ?? 64)) throw new AppError("at-capacity");
    const utterance: OpenUtterance = {
      id: `utterance-${++this.#utteranceCount}`,
      audio: new UtteranceAudio(),
      crashCount: 0,
      isOpen: true,
    };
    this.#utterances.set(utterance.id, utterance);
    return {
      append: (samples) => this.#append(utterance, samples),
      transcribe: (options = {}) => this.#transcribe(utterance, options),
      dispose: () => this.#forget(utterance),
    };
  }

  async close(): Promise<void> {
    for (const utterance of this.#utterances.values()) this.#rejectAll(utterance, new AppError("cancelled"));
    this.#utterances.clear();
    await this.#link.close();
  }

  #append(utterance: OpenUtterance, samples: Float32Array): void {
    if (!utterance.isOpen) return;
    const taken = utterance.audio.append(samples);
    if (taken.length > 0) this.#link.send({ type: "append", utteranceId: utterance.id, samples: taken });
  }

  async #transcribe(utterance: OpenUtterance, options: TranscribeOptions): Promise<Transcript> {
    if (!utterance.isOpen || this.#link.state === "closed") throw new AppError("cancelled");
    if (this.#link.failure !== undefined) throw this.#link.failure;
    if (utterance.crashCount >= MAX_CRASHES || this.#waitingOf(utterance).length >= MAX_WAITING)
      throw new AppError("ears-unavailable");
    const requestId = ++this.#requestCount;
    const answer = createDeferred<Transcript>();
    this.#waiting.set(requestId, { utterance, options, answer });
    this.#link.send({ type: "transcribe", utteranceId: utterance.id, requestId, ...options });
    if (this.#waiting.size === 1) this.#watch();
    return answer.promise;
  }

  #settle(reply: Extract<EarsReply, { requestId: number }>): void {
    const waiting = this.#waiting.get(reply.requestId);
    this.#waiting.delete(reply.requestId);
    this.#link.noteProgress();
    this.#watch();
    if (waiting === undefined) return;
    waiting.utterance.crashCount = 0;
    if (reply.type === "failed") waiting.answer.reject(fromWireError(reply.error));
    else waiting.answer.resolve({ text: reply.text, audioMs: reply.audioMs, decodeMs: reply.decodeMs });
  }

  /** A new child knows nothing: it gets the audio first, then the questions in their old order. */
  #resend(): void {
    for (const { id, audio } of this.#utterances.values()) {
      if (audio.length > 0) this.#link.send({ type: "append", utteranceId: id, samples: audio.samples.slice() });
    }
    for (const [requestId, { utterance, options }] of this.#waiting)
      this.#link.send({ type: "transcribe", utteranceId: utterance.id, requestId, ...options });
    this.#watch();
  }

  #onDown(down: { wasReady: boolean }): void {
    this.#watchdog?.dispose();
    const { failure } = this.#link;
    const [oldest] = this.#waiting.values();
    if (failure !== undefined)
      for (const { utterance } of [...this.#waiting.values()]) this.#rejectAll(utterance, failure);
    else if (down.wasReady && oldest !== undefined && ++oldest.utterance.crashCount >= MAX_CRASHES) {
      this.#options.log.error("ears ended three times with the same utterance", { utteranceId: oldest.utterance.id });
      this.#rejectAll(oldest.utterance, new AppError("ears-unavailable"));
    }
  }

  #forget(utterance: OpenUtterance): void {
    if (!this.#utterances.delete(utterance.id)) return;
    this.#rejectAll(utterance, new AppError("cancelled"));
    utterance.isOpen = false;
    this.#link.send({ type: "forget", utteranceId: utterance.id });
  }

  #rejectAll(utterance: OpenUtterance, error: AppError): void {
    for (const [requestId, waiting] of this.#waitingOf(utterance)) {
      this.#waiting.delete(requestId);
      waiting.answer.reject(error);
    }
    if (this.#waiting.size === 0) this.#watchdog?.dispose();
  }

  #waitingOf(utterance: OpenUtterance): [number, Waiting][] {
    return [...this.#waiting].filter(([, waiting]) => waiting.utterance === utterance);
  }

  /** Restarts the time in which the child has to answer something; none runs while nothing is asked. */
  #watch(): void {
    this.#watchdog?.dispose();
    if (this.#waiting.size === 0 || !this.isReady()) return;
    this.#watchdog = this.#options.clock.setTimer(this.#options.answerTimeoutMs ?? 8_000, () => {
      this.#options.log.warn("ears do not answer", { waitingCount: this.#waiting.size });
      this.#link.killWedged();
    });
  }
}

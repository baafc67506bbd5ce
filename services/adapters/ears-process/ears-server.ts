import { EarsRequest, type EarsReply } from "#contracts/child/ears";
import { AppError, toWireError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { EARS_SAMPLE_RATE_HZ, msToSamples, samplesToMs } from "#contracts/units";
import { assertNever } from "#core/lifecycle/assert-never";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import type { SpeechDecoder } from "#core/ports/speech-decoder";
import { UtteranceAudio } from "./utterance-audio";

export interface EarsServerDeps {
  decoder: SpeechDecoder;
  reply: (message: EarsReply) => void;
  clock: Clock;
  log: Logger;
  /** Utterances kept at once; the one untouched for longest makes room for a new one. Default 128. */
  maxUtterances?: number;
  /** Transcribe requests that may wait; more are answered with `ears-unavailable`. Default 512. */
  maxQueuedRequests?: number;
}

export interface EarsServer {
  /** A message of the parent; what is not an EarsRequest is logged and ignored. */
  handle(message: unknown): void;
  /** Finishes the decode in progress, cancels those that wait, frees the model. Idempotent. */
  stop(): Promise<void>;
  /** Resolves when a stop, asked for by message or by call, is complete. */
  readonly stopped: Promise<void>;
}

interface ServedUtterance {
  audio: UtteranceAudio;
  tokens: readonly number[];
  /** The last answer, valid while nothing was appended. */
  answer: { text: string; samples: number; trailingSilenceMs: number } | undefined;
}

interface QueuedRequest {
  utteranceId: string;
  requestId: number;
  trailingSilenceMs: number;
}

/** The child's side of the ears: keeps the audio of utterances and decodes one at a time, first come, first served. */
export function createEarsServer(deps: EarsServerDeps): EarsServer {
  return new Server(deps);
}

class Server implements EarsServer {
  readonly stopped: Promise<void>;
  readonly #deps: EarsServerDeps;
  readonly #maxUtterances: number;
  readonly #maxQueuedRequests: number;
  /** In the order of last use. */
  readonly #utterances = new Map<string, ServedUtterance>();
  #queue: QueuedRequest[] = [];
  #working: Promise<void> | undefined;
  #isStopping = false;
  #resolveStopped: () => void = () => undefined;

  constructor(deps: EarsServerDeps) {
    this.#deps = deps;
    this.#maxUtterances = deps.maxUtterances ?? 128;
    this.#maxQueuedRequests = deps.maxQueuedRequests ?? 512;
    this.stopped = new Promise((resolve) => (this.#resolveStopped = resolve));
  }

  handle(message: unknown): void {
    const parsed = parseWith(EarsRequest, message);
    if (!parsed.ok) return this.#deps.log.warn("ears got a bad message", { issues: parsed.issues });
    const request = parsed.value;
    switch (request.type) {
      case "append":
        this.#use(request.utteranceId).audio.append(request.samples);
        return;
      case "transcribe":
        return this.#enqueue(request);
      case "forget":
        this.#utterances.delete(request.utteranceId);
        return;
      case "stop":
        void this.stop();
        return;
      default:
        assertNever(request);
    }
  }

  async stop(): Promise<void> {
    if (this.#isStopping) return this.stopped;
    this.#isStopping = true;
    for (const request of this.#queue.splice(0)) this.#fail(request, new AppError("cancelled"));
    await this.#working;
    await this.#deps.decoder.close();
    this.#resolveStopped();
  }

  #use(utteranceId: string): ServedUtterance {
    const utterance = this.#utterances.get(utteranceId) ?? {
      audio: new UtteranceAudio(),
      tokens: [],
      answer: undefined,
    };
    this.#utterances.delete(utteranceId);
    this.#utterances.set(utteranceId, utterance);
    if (this.#utterances.size > this.#maxUtterances) this.#forgetOldest();
    return utterance;
  }

  #forgetOldest(): void {
    const [oldestId] = this.#utterances.keys();
    if (oldestId === undefined) return;
    this.#utterances.delete(oldestId);
    this.#deps.log.warn("ears forgot an utterance to make room", { utteranceId: oldestId });
  }

  #enqueue(asked: Extract<EarsRequest, { type: "transcribe" }>): void {
    const { utteranceId, requestId, trailingSilenceMs = 0 } = asked;
    const request: QueuedRequest = { utteranceId, requestId, trailingSilenceMs };
    if (this.#isStopping) return this.#fail(request, new AppError("cancelled"));
    if (this.#queue.length >= this.#maxQueuedRequests)
      return this.#fail(request, new AppError("ears-unavailable", { detail: "too many requests wait" }));
    this.#queue.push(request);
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) await this.#answer(next);
    this.#working = undefined;
  }

  /** One decode answers all requests for this utterance that wait when it begins: a later one would cover no less. */
  async #answer({ utteranceId, trailingSilenceMs }: QueuedRequest): Promise<void> {
    const isSame = (request: QueuedRequest): boolean =>
      request.utteranceId === utteranceId && request.trailingSilenceMs === trailingSilenceMs;
    const requests = this.#queue.filter(isSame);
    this.#queue = this.#queue.filter((request) => !isSame(request));
    const startMs = this.#deps.clock.nowMs();
    try {
      const { text, samples } = await this.#transcribe(this.#use(utteranceId), trailingSilenceMs);
      const decodeMs = this.#deps.clock.nowMs() - startMs;
      const audioMs = samplesToMs(samples, EARS_SAMPLE_RATE_HZ);
      for (const { requestId } of requests)
        this.#deps.reply({ type: "transcript", utteranceId, requestId, text, decodeMs, audioMs });
    } catch (error) {
      for (const request of requests) this.#fail(request, error);
    }
  }

  async #transcribe(utterance: ServedUtterance, trailingSilenceMs: number): Promise<{ text: string; samples: number }> {
    const samples = utterance.audio.length;
    const { answer } = utterance;
    if (answer?.samples === samples && answer.trailingSilenceMs === trailingSilenceMs) return answer;
    // A copy: more audio may be appended while this decode runs.
    const heard = new Float32Array(samples + msToSamples(trailingSilenceMs, EARS_SAMPLE_RATE_HZ));
    heard.set(utterance.audio.samples);
    const { text, tokens } = await this.#deps.decoder.decode(heard, utterance.tokens);
    utterance.tokens = tokens;
    utterance.answer = { text, samples, trailingSilenceMs };
    return utterance.answer;
  }

  #fail(request: QueuedRequest, error: unknown): void {
    if (!(error instanceof AppError)) this.#deps.log.error("ears failed to decode", { error });
    this.#deps.reply({
      type: "failed",
      utteranceId: request.utteranceId,
      requestId: request.requestId,
      error: toWireError(error),
    });
  }
}

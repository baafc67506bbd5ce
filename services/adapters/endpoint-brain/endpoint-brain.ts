import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  extractReasoningMiddleware,
  streamText,
  wrapLanguageModel,
  type LanguageModel,
  type TextStreamPart,
  type ToolSet,
} from "ai";
import { AppError } from "#contracts/errors";
import type { Brain, BrainInfo, BrainRequest } from "#core/ports/brain";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import { isBrokenConnection, toBrainError } from "./endpoint-error";
import { listChatModels, modelName } from "./model-list";
import { toPrompt } from "./prompt";
import { TimedCall } from "./timed-call";

export interface EndpointBrainOptions {
  /** Of an OpenAI-compatible API, with its version: `http://127.0.0.1:11434/v1`. */
  baseUrl: string;
  apiKey?: string;
  /** Default: the first chat model that the endpoint lists, asked with the first answer. */
  model?: string;
  /** For people. Default: the endpoint's host and the model. */
  label?: string;
  systemPrompt: string;
  clock: Clock;
  log: Logger;
  /** From the request to the first token, thinking included. Default 15,000. */
  firstTokenTimeoutMs?: number;
  /** Between two tokens. Default 10,000. */
  stallTimeoutMs?: number;
  /** Default: the runtime's. */
  fetch?: typeof fetch;
}

/** What one answer has come to. */
interface Progress {
  /** A token came, spoken or thought. */
  isAlive: boolean;
  /** Text was yielded. */
  hasAnswerBegun: boolean;
}

/**
 * A brain behind any OpenAI-compatible endpoint. Errors: `brain-unauthorized` (401, 403), `brain-not-found` (404, or
 * nothing listens), `brain-rate-limited` (429), `brain-timeout` (no first token in time), `brain-interrupted` (broken
 * off or stalled behind the first text), `brain-failed` (anything else, an empty answer too).
 * Failed requests are not repeated, since a late answer is of no use in a conversation, except once at once when a
 * kept connection turns out to be closed.
 */
export function createEndpointBrain(options: EndpointBrainOptions): Brain {
  const endpoint = new Endpoint(options);
  return {
    get info(): BrainInfo {
      return endpoint.info;
    },
    respond: (request) => endpoint.respond(request),
  };
}

class Endpoint {
  readonly #options: EndpointBrainOptions;
  readonly #createModel: (id: string) => LanguageModel;
  #modelId: string | undefined;

  constructor(options: EndpointBrainOptions) {
    this.#options = options;
    this.#modelId = options.model;
    const provider = createOpenAICompatible({
      name: "endpoint",
      baseURL: options.baseUrl,
      apiKey: options.apiKey,
      fetch: options.fetch,
    });
    // Some servers leave a model's thinking in the text, and it must not be spoken.
    const middleware = extractReasoningMiddleware({ tagName: "think" });
    this.#createModel = (id) => wrapLanguageModel({ model: provider(id), middleware });
  }

  get info(): BrainInfo {
    const host = URL.canParse(this.#options.baseUrl) ? new URL(this.#options.baseUrl).host : this.#options.baseUrl;
    const label = this.#options.label ?? (this.#modelId === undefined ? host : `${host}: ${modelName(this.#modelId)}`);
    return { kind: "endpoint", label };
  }

  async *respond(request: BrainRequest): AsyncGenerator<string, void, undefined> {
    const { clock, log } = this.#options;
    const startMs = clock.nowMs();
    for (let attempt = 1; ; attempt++) {
      const call = new TimedCall({ clock, signal: request.signal });
      const progress: Progress = { isAlive: false, hasAnswerBegun: false };
      try {
        for await (const delta of this.#stream(request, { call, progress })) {
          if (!progress.hasAnswerBegun)
            log.debug("brain answers", { sessionId: request.sessionId, ttftMs: clock.nowMs() - startMs });
          progress.hasAnswerBegun = true;
          yield delta;
        }
        if (progress.hasAnswerBegun) return;
        throw new AppError("brain-failed", { detail: "the answer was empty" });
      } catch (error) {
        if (attempt === 1 && !progress.isAlive && isBrokenConnection(error)) continue;
        const failure = toBrainError(error, { hasAnswerBegun: progress.hasAnswerBegun, wallTime: clock.wallTime() });
        if (failure.code !== "cancelled")
          log.warn("brain failed", { sessionId: request.sessionId, code: failure.code, reason: failure.message });
        throw failure;
      } finally {
        call.dispose();
      }
    }
  }

  async *#stream(
    request: BrainRequest,
    { call, progress }: { call: TimedCall; progress: Progress },
  ): AsyncGenerator<string, void, undefined> {
    const { firstTokenTimeoutMs = 15_000, stallTimeoutMs = 10_000, systemPrompt } = this.#options;
    call.limit(firstTokenTimeoutMs, "brain-timeout");
    const modelId = this.#modelId ?? (await call.race(this.#findModel(call.signal)));
    this.#modelId = modelId;
    const { fullStream } = streamText({
      model: this.#createModel(modelId),
      ...toPrompt(systemPrompt, request.history),
      maxRetries: 0,
      abortSignal: call.signal,
      // Errors arrive as parts of the stream; without this the SDK prints them too.
      onError: () => undefined,
    });
    const parts: AsyncIterator<TextStreamPart<ToolSet>> = fullStream[Symbol.asyncIterator]();
    for (;;) {
      const result = await call.race(parts.next());
      if (result.done === true) return;
      const text = textOf(result.value);
      if (text === undefined) continue;
      progress.isAlive = true;
      if (text !== "") {
        // A reader that takes its time is no stall: the limit runs only while a token is awaited.
        call.unlimit();
        yield text;
      }
      call.limit(stallTimeoutMs, progress.hasAnswerBegun ? "brain-interrupted" : "brain-timeout");
    }
  }

  async #findModel(signal: AbortSignal): Promise<string> {
    const { baseUrl, apiKey, clock, fetch: ask = fetch } = this.#options;
    const [model] = await listChatModels({ baseUrl, apiKey, clock, fetch: ask, signal });
    if (model === undefined) throw new AppError("brain-not-found", { detail: "the endpoint lists no chat model" });
    return model;
  }
}

/** The words of a part; "" for a sign of life without words; undefined for the rest. Throws what an error part holds. */
function textOf(part: TextStreamPart<ToolSet>): string | undefined {
  switch (part.type) {
    case "text-delta":
      return part.text;
    case "reasoning-delta":
      return "";
    case "error":
      throw part.error instanceof Error
        ? part.error
        : new Error("the endpoint sent an error event", { cause: part.error });
    case "abort":
      throw new AppError("cancelled");
    default:
      return undefined;
  }
}

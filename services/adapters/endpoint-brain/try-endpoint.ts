import { AppError } from "#contracts/errors";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import { createEndpointBrain } from "./endpoint-brain";
import { toBrainError } from "./endpoint-error";
import { listChatModels } from "./model-list";
import { TimedCall } from "./timed-call";

const LIST_TIMEOUT_MS = 5_000;
/** With the list below the 20 s in which the client wants its answer; a model that is loaded from disk takes its time. */
const FIRST_TOKEN_TIMEOUT_MS = 12_000;

export interface TryEndpointOptions {
  baseUrl: string;
  apiKey: string | undefined;
  /** Undefined: the first chat model that is listed. */
  model: string | undefined;
  systemPrompt: string;
  clock: Clock;
  log: Logger;
  fetch: typeof fetch;
}

/**
 * Asks an endpoint for its models and for a word, as a conversation would. Throws a `brain-*` code when it does not
 * answer, refuses the key or has no such model; `firstTokenMs` is absent when a listed model only took too long.
 */
export async function tryEndpoint(options: TryEndpointOptions): Promise<{ models: string[]; firstTokenMs?: number }> {
  const { clock } = options;
  const models = await listModels(options);
  const model = options.model ?? models[0];
  if (model === undefined) throw new AppError("brain-not-found", { detail: "the endpoint lists no chat model" });
  const brain = createEndpointBrain({ ...options, model, firstTokenTimeoutMs: FIRST_TOKEN_TIMEOUT_MS });
  const over = new AbortController();
  const askedAtMs = clock.nowMs();
  try {
    const answer = brain.respond({
      history: [{ role: "user", text: "Say hello." }],
      sessionId: "try",
      signal: over.signal,
    });
    for await (const _token of answer) return { models, firstTokenMs: Math.round(clock.nowMs() - askedAtMs) };
    return { models };
  } catch (error) {
    if (error instanceof AppError && error.code === "brain-timeout") return { models };
    throw error;
  } finally {
    over.abort();
  }
}

/** Some servers have no list; they may answer all the same when the model is named. */
async function listModels({ baseUrl, apiKey, model, clock, fetch }: TryEndpointOptions): Promise<string[]> {
  const call = new TimedCall({ clock, signal: new AbortController().signal });
  call.limit(LIST_TIMEOUT_MS, "brain-timeout");
  try {
    return await call.race(listChatModels({ baseUrl, apiKey, clock, fetch, signal: call.signal }));
  } catch (error) {
    const failure = toBrainError(error, { hasAnswerBegun: false, wallTime: clock.wallTime() });
    if (model !== undefined && failure.code === "brain-failed") return [];
    throw failure;
  } finally {
    call.dispose();
  }
}

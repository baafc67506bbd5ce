import type { Clock } from "#core/ports/clock";
import { chatModelsOf, modelName } from "./model-list";

export interface EndpointCandidate {
  /** The program that usually listens there. */
  name: string;
  /** With the API's version, without a slash at the end. */
  baseUrl: string;
}

/** In order of preference. Other programs like these ports too, so the answer is checked. */
export const localEndpoints: readonly EndpointCandidate[] = [
  { name: "Ollama", baseUrl: "http://127.0.0.1:11434/v1" },
  { name: "LM Studio", baseUrl: "http://127.0.0.1:1234/v1" },
  { name: "llama.cpp", baseUrl: "http://127.0.0.1:8080/v1" },
  { name: "vLLM", baseUrl: "http://127.0.0.1:8000/v1" },
];

export interface FoundEndpoint {
  baseUrl: string;
  model: string;
  /** For people: "Ollama: llama3.2". */
  label: string;
}

export interface DiscoverOptions {
  fetch: typeof fetch;
  clock: Clock;
  /** Default: `localEndpoints`. */
  candidates?: readonly EndpointCandidate[];
  /** For all candidates together, since they are asked at once. Default 300. */
  timeoutMs?: number;
}

/** Asks every candidate at once; the first in their order that has a chat model. Never throws: no answer is an answer. */
export async function discoverEndpoint(options: DiscoverOptions): Promise<FoundEndpoint | undefined> {
  const abort = new AbortController();
  const timer = options.clock.setTimer(options.timeoutMs ?? 300, () => abort.abort());
  try {
    const candidates = options.candidates ?? localEndpoints;
    const asked = candidates.map((candidate) => ask(candidate, { fetch: options.fetch, signal: abort.signal }));
    for (const answer of asked) {
      const found = await answer;
      if (found !== undefined) return found;
    }
    return undefined;
  } finally {
    timer.dispose();
    abort.abort();
  }
}

async function ask(
  candidate: EndpointCandidate,
  via: { fetch: typeof fetch; signal: AbortSignal },
): Promise<FoundEndpoint | undefined> {
  const models = await listChatModels(candidate.baseUrl, via).catch(() => undefined);
  const model = models?.[0];
  return model === undefined
    ? undefined
    : { baseUrl: candidate.baseUrl, model, label: `${candidate.name}: ${modelName(model)}` };
}

async function listChatModels(
  baseUrl: string,
  via: { fetch: typeof fetch; signal: AbortSignal },
): Promise<string[] | undefined> {
  const response = await via.fetch(`${baseUrl}/models`, { signal: via.signal, redirect: "error" });
  return response.ok ? chatModelsOf(await response.text()) : undefined;
}

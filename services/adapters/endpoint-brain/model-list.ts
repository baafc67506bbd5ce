import { z } from "zod";
import { parseJsonWith } from "#contracts/parse";
import type { Clock } from "#core/ports/clock";
import { errorOfStatus } from "./endpoint-error";

const ModelList = z.object({ object: z.literal("list"), data: z.array(z.object({ id: z.string().min(1) })) });

/** Names of models that do not chat: embedding, ranking, speech, pictures. Local servers list them side by side. */
const notForChat =
  /embed|rerank|whisper|(?:^|[-_/])(?:tts|bge|gte|e5|minilm|clip|stable-diffusion|flux|kokoro|moderation|dall-e)(?:[-_:/.]|$)/i;

/** The ids in the answer of `/v1/models` that look like chat models, in its order; undefined: not an OpenAI list. */
export function chatModelsOf(body: string): string[] | undefined {
  const parsed = parseJsonWith(ModelList, body);
  if (!parsed.ok) return undefined;
  return parsed.value.data.map((model) => model.id).filter((id) => !notForChat.test(id));
}

export interface ListModelsOptions {
  baseUrl: string;
  apiKey: string | undefined;
  clock: Clock;
  fetch: typeof fetch;
  signal: AbortSignal;
}

/** Asks `/models`. Throws a `brain-*` code for an answer that is not 2xx; no list of models is an empty one. */
export async function listChatModels(options: ListModelsOptions): Promise<string[]> {
  const { baseUrl, apiKey, clock, fetch, signal } = options;
  const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${baseUrl.replace(/\/+$/, "")}/models`, { headers, signal });
  if (!response.ok) {
    throw errorOfStatus(
      { status: response.status, retryAfter: response.headers.get("retry-after") ?? undefined },
      { wallTime: clock.wallTime() },
    );
  }
  return chatModelsOf(await response.text()) ?? [];
}

/** What to call a model before people: llama.cpp gives the path of a file. */
export function modelName(id: string): string {
  const isFile = /\.gguf$/i.test(id);
  return isFile ? (id.split(/[\\/]/).at(-1) ?? id).replace(/\.gguf$/i, "") : id;
}

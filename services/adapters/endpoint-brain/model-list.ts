import { z } from "zod";
import { parseJsonWith } from "#contracts/parse";

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

/** What to call a model before people: llama.cpp gives the path of a file. */
export function modelName(id: string): string {
  const isFile = /\.gguf$/i.test(id);
  return isFile ? (id.split(/[\\/]/).at(-1) ?? id).replace(/\.gguf$/i, "") : id;
}

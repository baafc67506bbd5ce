import { z } from "zod";

/** How the agent speaks; sent to a language model before every conversation. */
export const DEFAULT_SYSTEM_PROMPT = [
  "You are Parley, a friendly partner in a spoken conversation.",
  "Your words are read aloud, so write for the ear: plain sentences, no Markdown, no lists, no emoji, no code unless asked.",
  "Begin with the answer itself, in a short first sentence, and stay within three sentences unless more is asked for.",
  "What the user says comes from speech recognition and may hold mistakes; take the likely meaning, and ask when it is unclear.",
].join(" ");

export const BrainEndpointConfig = z.strictObject({
  /** Base URL of an OpenAI-compatible API, with its version: `http://127.0.0.1:11434/v1`. */
  url: z.url({ protocol: /^https?$/ }),
  /** Default: the first chat model that the endpoint lists. */
  model: z.string().min(1).optional(),
  /** Name of the environment variable that holds the API key. Preferred to `apiKey`. */
  apiKeyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .optional(),
  apiKey: z.string().min(1).optional(),
});
export type BrainEndpointConfig = z.infer<typeof BrainEndpointConfig>;

export const BuiltinBrainConfig = z.strictObject({
  /** Same seed, same history, same answer. */
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  /** 0: at once. */
  firstTokenDelayMs: z.number().min(0).max(60_000).default(0),
  /** 0: without pause. A token is a word with the space before it. */
  tokensPerSecond: z.number().min(0).max(10_000).default(0),
});
export type BuiltinBrainConfig = z.infer<typeof BuiltinBrainConfig>;

/**
 * `auto`: the endpoint named here, else one found on this computer's usual ports, else the built-in responder.
 * `endpoint`: the endpoint named here, and nothing else. `builtin`: no language model.
 */
export const BrainConfig = z
  .strictObject({
    kind: z.enum(["auto", "builtin", "endpoint"]).default("auto"),
    endpoint: BrainEndpointConfig.optional(),
    builtin: BuiltinBrainConfig.prefault({}),
    systemPrompt: z.string().max(20_000).default(DEFAULT_SYSTEM_PROMPT),
    /** Longest wait for the first token of an answer. */
    firstTokenTimeoutMs: z.int().min(100).max(600_000).default(15_000),
    /** Longest pause inside an answer. */
    stallTimeoutMs: z.int().min(100).max(600_000).default(10_000),
  })
  .refine((config) => config.kind !== "endpoint" || config.endpoint !== undefined, {
    path: ["endpoint", "url"],
    message: "needed when kind is endpoint",
  });
export type BrainConfig = z.infer<typeof BrainConfig>;

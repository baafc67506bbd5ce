import { z } from "zod";

/** How the agent speaks; sent to a language model before every conversation. */
export const DEFAULT_SYSTEM_PROMPT = [
  "You are Parley, a friendly partner in a spoken conversation.",
  "Your words are read aloud, so write for the ear: plain sentences, no Markdown, no lists, no emoji, no code unless asked.",
  "Begin with the answer itself, in a short first sentence, and stay within three sentences unless more is asked for.",
  "What the user says comes from speech recognition and may hold mistakes; take the likely meaning, and ask when it is unclear.",
].join(" ");

export const BrainEndpointConfig = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .describe("Base URL of an OpenAI-compatible API, with its version: `http://127.0.0.1:11434/v1`."),
  model: z.string().min(1).optional().describe("Default: the first chat model that the endpoint lists."),
  apiKeyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .optional()
    .describe("Name of the environment variable that holds the API key. Preferred to `apiKey`."),
  apiKey: z.string().min(1).optional().meta({ description: "The API key itself.", isSecret: true }),
});
export type BrainEndpointConfig = z.infer<typeof BrainEndpointConfig>;

export const BuiltinBrainConfig = z.strictObject({
  seed: z.int().min(0).max(0xffff_ffff).default(1).describe("Same seed, same history, same answer."),
  firstTokenDelayMs: z.number().min(0).max(60_000).default(0).describe("Pause before an answer. 0: none."),
  tokensPerSecond: z
    .number()
    .min(0)
    .max(10_000)
    .default(0)
    .describe("0: without pause. A token is a word with the space before it."),
});
export type BuiltinBrainConfig = z.infer<typeof BuiltinBrainConfig>;

export const BrainConfig = z
  .strictObject({
    kind: z
      .enum(["auto", "builtin", "endpoint"])
      .default("auto")
      .describe(
        "`auto`: the endpoint named here, else one found on this computer's usual ports, else the built-in responder. `endpoint`: the one named here, and nothing else. `builtin`: no language model.",
      ),
    endpoint: BrainEndpointConfig.optional(),
    builtin: BuiltinBrainConfig.prefault({}),
    systemPrompt: z
      .string()
      .max(20_000)
      .default(DEFAULT_SYSTEM_PROMPT)
      .describe("How the agent speaks; sent to a language model before every conversation."),
    firstTokenTimeoutMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(15_000)
      .describe("Longest wait for the first token of an answer."),
    stallTimeoutMs: z.int().min(100).max(600_000).default(10_000).describe("Longest pause inside an answer."),
  })
  .refine((config) => config.kind !== "endpoint" || config.endpoint !== undefined, {
    path: ["endpoint", "url"],
    message: "needed when kind is endpoint",
  });
export type BrainConfig = z.infer<typeof BrainConfig>;

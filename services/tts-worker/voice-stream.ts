import { AppError } from "#contracts/errors";
import { VOICE_SAMPLE_RATE_HZ, msToSamples } from "#contracts/units";
import { FramePacer } from "#core/audio/frame-pacer";
import { FrameSplitter } from "#core/audio/frame-splitter";
import { floatToPcm } from "#core/audio/pcm";
import { AsyncQueue } from "#core/lifecycle/async-queue";
import { createDeferred } from "#core/lifecycle/deferred";
import { sleep } from "#core/lifecycle/sleep";
import type { Clock } from "#core/ports/clock";
import type { ResamplerFactory } from "#core/ports/resampler";
import type { TextClause, VoiceFrame, VoiceWord } from "#core/ports/voice-link";
import type { ClauseRenderer, RenderedPiece } from "./clause-renderer";
import { resamplePiece } from "./piece-audio";

/** Pieces rendered beyond the one that plays: one waits here, one more before the full queue. A cancel wastes no more. */
const LOOK_AHEAD_PIECES = 1;

/** Silence before what follows a mark; speech without any pause sounds hurried, more than this sounds slow. */
const PAUSE_MS: Readonly<Record<string, number>> = { ".": 240, "!": 240, "?": 260, ";": 180, ":": 180, ",": 110 };
const NO_MARK_PAUSE_MS = 30;

export interface VoiceStreamDeps {
  renderer: ClauseRenderer;
  resamplers: ResamplerFactory;
  clock: Clock;
  leadMs: number;
  /** Waited for before each frame that may leave at once, so that one stream's lead does not hold up the frames of others. Absent: at once. */
  nextTurn?: (() => Promise<void>) | undefined;
  /** Told once, with the time from the first text to the first frame. */
  onFirstAudio: (ttfaMs: number) => void;
  /** True when another worker is to speak what follows the present piece [RG50]. */
  handsOver: () => boolean;
}

export interface VoiceStreamRequest {
  voice: string;
  clauses: AsyncIterable<TextClause>;
  signal: AbortSignal;
}

/** The items of a source until the signal aborts; then `cancelled`, even while the source itself still waits. */
async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void, undefined> {
  const aborted = createDeferred<never>();
  aborted.promise.catch(() => undefined);
  const onAbort = (): void => aborted.reject(new AppError("cancelled"));
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  const iterator = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted.promise]);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    // Not awaited: a source that still waits for its next item answers this only after it.
    iterator.return?.()?.then(undefined, () => undefined);
  }
}

async function renderAll(
  renderer: ClauseRenderer,
  request: VoiceStreamRequest,
  pieces: AsyncQueue<RenderedPiece>,
): Promise<void> {
  try {
    for await (const clause of untilAborted(request.clauses, request.signal)) {
      for await (const piece of renderer.render(clause, request)) if (!(await pieces.push(piece))) return;
    }
    pieces.end();
  } catch (error) {
    pieces.fail(error);
  }
}

function moveWords(words: readonly VoiceWord[], bySamples: number): VoiceWord[] {
  return words.map((word) => ({
    ...word,
    startSamples: word.startSamples + bySamples,
    endSamples: word.endSamples + bySamples,
  }));
}

function* withSilenceBefore(
  silence: Float32Array,
  blocks: Iterable<Float32Array>,
): Generator<Float32Array, void, undefined> {
  yield silence;
  yield* blocks;
}

/**
 * Clauses in, paced frames out. The next clause is rendered while the last one plays. Each piece's words ride on the
 * first frame that leaves after it was rendered. Ends with exactly one frame that is marked as the last; throws
 * `shutting-down` instead of it, with all frames of the present piece and the pause after it delivered, when it hands over.
 */
export async function* streamVoice(
  deps: VoiceStreamDeps,
  request: VoiceStreamRequest,
): AsyncGenerator<VoiceFrame, void, undefined> {
  const { clock } = deps;
  /** Ends the rendering too when the receiver leaves early. */
  const left = new AbortController();
  const signal = AbortSignal.any([request.signal, left.signal]);
  const pieces = new AsyncQueue<RenderedPiece>({ capacity: LOOK_AHEAD_PIECES });
  const pacer = new FramePacer({ leadMs: deps.leadMs });
  const splitter = new FrameSplitter();
  let words: VoiceWord[] = [];
  let positionSamples = 0;
  let pauseMs = 0;
  let hasStarted = false;

  const release = async (samples: Float32Array, isFinal: boolean): Promise<VoiceFrame> => {
    const waitMs = pacer.waitMs(clock.nowMs());
    if (waitMs > 0) await sleep(clock, waitMs, signal);
    else await deps.nextTurn?.();
    if (signal.aborted) throw new AppError("cancelled");
    pacer.onSent(clock.nowMs());
    const frame: VoiceFrame = { pcm: floatToPcm(samples), words, isFinal };
    words = [];
    return frame;
  };

  const onAbort = (): void => pieces.fail(new AppError("cancelled"));
  signal.addEventListener("abort", onAbort, { once: true });
  const rendering = renderAll(deps.renderer, { ...request, signal }, pieces);
  try {
    for await (const piece of pieces) {
      if (signal.aborted) throw new AppError("cancelled");
      // When the text came late the listener has had the pause already.
      const silence = new Float32Array(
        msToSamples(Math.max(0, pauseMs - pacer.dryMs(clock.nowMs())), VOICE_SAMPLE_RATE_HZ),
      );
      if (hasStarted && deps.handsOver()) {
        for (const samples of [...splitter.push(silence), splitter.flush()]) yield await release(samples, false);
        throw new AppError("shutting-down", { detail: "another worker goes on" });
      }
      positionSamples += silence.length;
      words = [...words, ...moveWords(piece.words, positionSamples)];
      pauseMs = PAUSE_MS[piece.endMark] ?? NO_MARK_PAUSE_MS;
      for (const block of withSilenceBefore(silence, resamplePiece(piece, deps.resamplers))) {
        if (block !== silence) positionSamples += block.length;
        for (const samples of splitter.push(block)) {
          const frame = await release(samples, false);
          if (!hasStarted) deps.onFirstAudio(clock.nowMs() - piece.textAtMs);
          hasStarted = true;
          yield frame;
        }
      }
    }
    yield await release(splitter.flush(), true);
  } finally {
    left.abort();
    await rendering;
  }
}

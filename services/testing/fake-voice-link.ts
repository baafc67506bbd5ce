import { AppError, type ErrorCode } from "#contracts/errors";
import { VOICE_FRAME_MS, VOICE_FRAME_SAMPLES } from "#contracts/units";
import { createDeferred } from "#core/lifecycle/deferred";
import { sleep } from "#core/lifecycle/sleep";
import type { Clock } from "#core/ports/clock";
import type { SpeakRequest, VoiceFrame, VoiceLink, VoiceWord } from "#core/ports/voice-link";

const WORD_FRAMES = 10;
const LEVEL = 8_000;

export interface FakeVoiceFailure {
  frames: number;
  code: ErrorCode | "silence";
  times?: number;
}

export interface FakeVoiceLink extends VoiceLink {
  readonly requests: SpeakRequest[];
  /** Streams that have neither ended nor been aborted. */
  readonly openCount: number;
  /** Every stream from now on, or the next `times`, throws this after `frames` frames; "silence" stops without a word. */
  failAfter(failure: FakeVoiceFailure | undefined): void;
  /** The worker with this name takes so long for the first frame of every stream. */
  slowDown(workerName: string, firstFrameMs: number): void;
  /** No voice has a sound for this word. */
  ignore(word: string): void;
}

/** Speaks every word for 200 ms at a steady level, paced at most 400 ms ahead of the clock. */
export function createFakeVoiceLink(options: { clock: Clock; leadMs?: number }): FakeVoiceLink {
  const { clock, leadMs = 400 } = options;
  const requests: SpeakRequest[] = [];
  let openCount = 0;
  let failure: FakeVoiceFailure | undefined;
  const firstFrameMs = new Map<string, number>();
  const ignored = new Set<string>();

  async function* speak(request: SpeakRequest): AsyncGenerator<VoiceFrame, void, undefined> {
    requests.push(request);
    openCount++;
    const mine = takeFailure();
    try {
      yield* frames(request, mine);
    } finally {
      openCount--;
    }
  }

  function takeFailure(): FakeVoiceFailure | undefined {
    const mine = failure;
    if (mine?.times !== undefined) failure = mine.times > 1 ? { ...mine, times: mine.times - 1 } : undefined;
    return mine;
  }

  async function* frames(
    request: SpeakRequest,
    mine: FakeVoiceFailure | undefined,
  ): AsyncGenerator<VoiceFrame, void, undefined> {
    let sent = 0;
    let startAtMs: number | undefined;
    const pace = async (): Promise<void> => {
      startAtMs ??= clock.nowMs();
      const aheadMs = sent * VOICE_FRAME_MS - (clock.nowMs() - startAtMs);
      if (aheadMs > leadMs) await sleep(clock, aheadMs - leadMs, request.signal);
      if (request.signal.aborted) throw new AppError("cancelled");
      if (mine === undefined || sent < mine.frames) return;
      if (mine.code !== "silence") throw new AppError(mine.code);
      await sleep(clock, Number.MAX_SAFE_INTEGER, request.signal);
    };
    for await (const clause of untilAborted(request.clauses, request.signal)) {
      const spoken = [...clause.text.matchAll(/\S*[\p{L}\p{N}]\S*/gu)].filter(([word]) => !ignored.has(word));
      const words = spoken.map<VoiceWord>((match, index) => ({
        text: match[0],
        startSamples: sent * VOICE_FRAME_SAMPLES + index * WORD_FRAMES * VOICE_FRAME_SAMPLES,
        endSamples: sent * VOICE_FRAME_SAMPLES + (index + 1) * WORD_FRAMES * VOICE_FRAME_SAMPLES,
        textStart: clause.offset + match.index,
        textEnd: clause.offset + match.index + match[0].length,
      }));
      if (sent === 0) await sleep(clock, firstFrameMs.get(request.lease.worker.name) ?? 0, request.signal);
      for (let frame = 0; frame < words.length * WORD_FRAMES; frame++) {
        await pace();
        sent++;
        yield { pcm: new Int16Array(VOICE_FRAME_SAMPLES).fill(LEVEL), words: frame === 0 ? words : [], isFinal: false };
      }
    }
    await pace();
    yield { pcm: new Int16Array(VOICE_FRAME_SAMPLES), words: [], isFinal: true };
  }

  return {
    requests,
    get openCount() {
      return openCount;
    },
    failAfter: (next) => void (failure = next),
    slowDown: (workerName, delayMs) => void firstFrameMs.set(workerName, delayMs),
    ignore: (word) => void ignored.add(word),
    speak,
    close: () => Promise.resolve(),
  };
}

async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void, undefined> {
  const aborted = createDeferred<never>();
  aborted.promise.catch(() => undefined);
  signal.addEventListener("abort", () => aborted.reject(new AppError("cancelled")), { once: true });
  const items = source[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([items.next(), aborted.promise]);
    if (next.done === true) return;
    yield next.value;
  }
}

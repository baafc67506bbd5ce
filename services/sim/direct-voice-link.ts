import { AppError } from "#contracts/errors";
import { AsyncQueue } from "#core/lifecycle/async-queue";
import { sleep } from "#core/lifecycle/sleep";
import type { Clock } from "#core/ports/clock";
import type { SpeakRequest, TextClause, VoiceFrame, VoiceLink } from "#core/ports/voice-link";
import type { VoiceWorker } from "#core/ports/voice-worker";

/** 5 s of frames: far above the worker's lead. */
const MAX_FRAMES_UNDER_WAY = 256;

interface UnderWay {
  frame: VoiceFrame;
  arrivesAtMs: number;
}

/** The way to one worker in the same process: clauses and frames are under way for `delayMs` each. */
export function createDirectVoiceLink(deps: { worker: VoiceWorker; clock: Clock; delayMs: number }): VoiceLink {
  const { worker, clock, delayMs } = deps;

  async function* delayClauses(
    request: SpeakRequest,
    signal: AbortSignal,
  ): AsyncGenerator<TextClause, void, undefined> {
    for await (const clause of request.clauses) {
      await sleep(clock, delayMs, signal);
      yield clause;
    }
  }

  return {
    async *speak(request) {
      const left = new AbortController();
      const signal = AbortSignal.any([request.signal, left.signal]);
      const frames = new AsyncQueue<UnderWay>({ capacity: MAX_FRAMES_UNDER_WAY });
      const onAbort = (): void => frames.fail(new AppError("cancelled"));
      const sending = sendFrames(frames, () =>
        worker.openSynthesis({
          sessionId: request.sessionId,
          voice: request.voice,
          fencingToken: request.lease.fencingToken,
          clauses: delayClauses(request, signal),
          signal,
        }),
      );
      request.signal.addEventListener("abort", onAbort, { once: true });
      try {
        for await (const { frame, arrivesAtMs } of frames) {
          const waitMs = arrivesAtMs - clock.nowMs();
          if (waitMs > 0) await sleep(clock, waitMs, request.signal);
          yield frame;
        }
      } finally {
        request.signal.removeEventListener("abort", onAbort);
        left.abort();
        await sending;
      }
    },
    close: () => Promise.resolve(),
  };

  async function sendFrames(frames: AsyncQueue<UnderWay>, open: () => AsyncIterable<VoiceFrame>): Promise<void> {
    try {
      for await (const frame of open()) {
        if (!(await frames.push({ frame, arrivesAtMs: clock.nowMs() + delayMs }))) return;
      }
      frames.end();
    } catch (error) {
      frames.fail(error);
    }
  }
}

import { hasCode } from "#contracts/errors";
import type { Metrics } from "#core/ports/metrics";
import type { TextClause, VoiceFrame, VoiceLink } from "#core/ports/voice-link";
import type { WorkerRouter } from "#core/routing/worker-router";
import { holdLease, type HoldLeaseDeps } from "./held-lease";

export interface StreamDeps extends HoldLeaseDeps {
  voiceLink: VoiceLink;
  router: WorkerRouter;
  metrics: Metrics;
  leaseTtlMs: number;
}

export interface StreamRequest {
  sessionId: string;
  /** Names the lease. */
  requestId: string;
  voice: string;
  /** Workers to be asked only when there is no other, the one that was lost longest ago first. */
  avoid: ReadonlySet<string>;
  /** Workers that must not be asked. */
  exclude: readonly string[];
  readClauses(): AsyncIterable<TextClause>;
  signal: AbortSignal;
}

/** One worker that was asked to speak. Whoever opened it closes it, once. */
export interface OpenStream {
  readonly worker: string;
  /** When its first clause was taken, on the clock; undefined before. */
  readonly textAtMs: number | undefined;
  next(): Promise<IteratorResult<VoiceFrame, void>>;
  /** Ends the stream and gives the slot back, or leaves it taken until it expires when the worker was lost. */
  close(outcome: { isLost: boolean }): Promise<void>;
}

/** Takes a lease on the worker that the router ranks first and opens a stream there. Errors as `holdLease`. */
export async function openStream(
  deps: StreamDeps,
  request: StreamRequest,
  onText: () => void = () => undefined,
): Promise<OpenStream> {
  const { clock, voiceLink, router, metrics, leaseTtlMs } = deps;
  const { sessionId, voice, avoid, exclude } = request;
  const lease = { requestId: request.requestId, voice, ttlMs: leaseTtlMs };
  const unwanted = new Set([...avoid, ...exclude]);
  const preferred = router.rank({ voice, sessionId, exclude: unwanted });
  const held = await holdLease(deps, { ...lease, preferred, exclude: [...unwanted] }).catch((error: unknown) => {
    if (avoid.size === 0 || !isNobodyFree(error)) throw error;
    return holdLease(deps, { ...lease, preferred: [...avoid], exclude });
  });
  const left = new AbortController();
  const worker = held.lease.worker.name;
  let textAtMs: number | undefined;
  let hasSpoken = false;
  const noteText = (): void => {
    textAtMs = clock.nowMs();
    onText();
  };
  const frames = voiceLink
    .speak({
      sessionId,
      voice,
      lease: held.lease,
      clauses: noteFirst(request.readClauses(), noteText),
      signal: AbortSignal.any([request.signal, left.signal]),
    })
    [Symbol.asyncIterator]();
  return {
    worker,
    get textAtMs() {
      return textAtMs;
    },
    async next() {
      const result = await frames.next();
      if (!hasSpoken && result.done !== true && textAtMs !== undefined) {
        const ttfaMs = clock.nowMs() - textAtMs;
        router.observe({ worker, sessionId, ttfaMs });
        metrics.observe("parley_worker_first_frame_ms", ttfaMs);
      }
      hasSpoken = true;
      return result.done === true ? { done: true, value: undefined } : result;
    },
    async close({ isLost }) {
      if (!hasSpoken && textAtMs !== undefined) router.observeSilence({ worker, waitedMs: clock.nowMs() - textAtMs });
      left.abort();
      if (!isLost) return held.release();
      router.observeLoss(worker);
      held.abandon();
    },
  };
}

function isNobodyFree(error: unknown): boolean {
  return hasCode(error, "no-worker") || hasCode(error, "worker-at-capacity");
}

async function* noteFirst<T>(source: AsyncIterable<T>, onFirst: () => void): AsyncGenerator<T, void, undefined> {
  let isFirst = true;
  for await (const item of source) {
    if (isFirst) onFirst();
    isFirst = false;
    yield item;
  }
}

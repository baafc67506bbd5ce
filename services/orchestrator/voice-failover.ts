import { AppError, hasCode, type ErrorCode } from "#contracts/errors";
import { sleep } from "#core/lifecycle/sleep";
import type { VoiceFrame, VoiceLink } from "#core/ports/voice-link";
import type { ClauseLog } from "./clause-log";
import { holdLease, type HeldLease, type HoldLeaseDeps } from "./held-lease";
import { SpeechProgress, type SpeechCut } from "./speech-progress";

/** After a voice broke off, another worker is looked for this long. */
const FAILOVER_TIMEOUT_MS = 5_000;
const RETRY_MS = 50;
/** A voice with something to say is given up this long before the listener runs dry: a lease and a clause take about as long. */
const STALL_MARGIN_MS = 100;
const STALL_CHECK_MS = 20;
/** Frames come every 20 ms; a pause shorter than this may be a busy computer. */
const STALL_SILENCE_MS = 150;
/** Failures after which another worker, or the same one a little later, may go on. */
const RECOVERABLE: ReadonlySet<ErrorCode> = new Set([
  "worker-lost",
  "worker-refused",
  "worker-at-capacity",
  "stale-token",
  "no-worker",
  "registry-unavailable",
  "redis-unreachable",
]);

export interface FailoverDeps extends HoldLeaseDeps {
  voiceLink: VoiceLink;
  leaseTtlMs: number;
}

export interface FailoverRequest {
  sessionId: string;
  requestId: string;
  voice: string;
  clauses: ClauseLog;
  signal: AbortSignal;
}

export interface FailoverEvents {
  onLease(workerName: string): void;
  onFirstClause(): void;
  onFrame(frame: VoiceFrame): void;
  /** The voice broke off. Returns the sample of the turn at which the next frame is to be placed. */
  onCut(cut: SpeechCut): number;
  canContinue?(): Promise<void> | undefined;
}

/**
 * Speaks a turn to its end. When a worker is lost, refuses, or falls silent with words left to say, another lease is taken
 * and the voice goes on at the next word. Throws what began it when no worker can be had for 5 s.
 */
export async function speakWithFailover(
  deps: FailoverDeps,
  request: FailoverRequest,
  events: FailoverEvents,
): Promise<void> {
  const progress = new SpeechProgress();
  let textOffset = 0;
  const lost = new Set<string>();
  let failing: { error: unknown; untilMs: number } | undefined;
  for (let attempt = 0; ; attempt++) {
    try {
      const requestId = attempt === 0 ? request.requestId : `${request.requestId}.${attempt}`;
      await speakFrom(
        deps,
        { ...request, requestId, textOffset },
        { events, progress, lost, onSpeaking: () => (failing = undefined) },
      );
      return;
    } catch (error) {
      const hasBegun = progress.cut().receivedSamples > 0 || attempt > 0;
      if (request.signal.aborted || !isRecoverable(error) || (!hasBegun && !hasCode(error, "worker-lost"))) throw error;
      failing ??= { error, untilMs: deps.clock.nowMs() + FAILOVER_TIMEOUT_MS };
      if (deps.clock.nowMs() >= failing.untilMs) throw failing.error;
      deps.log.warn("the voice broke off; another worker goes on", { error, attempt });
      const cut = progress.cut();
      progress.continueAt(events.onCut(cut), cut);
      textOffset = cut.textOffset;
      if (attempt > 0) await sleep(deps.clock, RETRY_MS, request.signal);
    }
  }
}

interface Attempt {
  events: FailoverEvents;
  progress: SpeechProgress;
  /** Names of workers that were lost in this turn. */
  lost: Set<string>;
  onSpeaking(): void;
}

async function speakFrom(
  deps: FailoverDeps,
  request: FailoverRequest & { textOffset: number },
  attempt: Attempt,
): Promise<void> {
  const { events, progress, lost } = attempt;
  const { sessionId, voice, clauses, signal } = request;
  let held: HeldLease | undefined;
  const stall = new AbortController();
  let isPaused = false;
  const watch = deps.clock.setRepeating(STALL_CHECK_MS, () => {
    if (!isPaused && hasStalled(deps.clock.nowMs(), progress)) stall.abort();
  });
  try {
    held = await holdLease(deps, { requestId: request.requestId, voice, ttlMs: deps.leaseTtlMs });
    events.onLease(held.lease.worker.name);
    const text = noteFirst(clauses.readFrom(request.textOffset), () => events.onFirstClause());
    const both = AbortSignal.any([signal, stall.signal]);
    for await (const frame of deps.voiceLink.speak({
      sessionId,
      voice,
      lease: held.lease,
      clauses: text,
      signal: both,
    })) {
      if (signal.aborted) break;
      attempt.onSpeaking();
      events.onFrame(progress.add(frame, deps.clock.nowMs()));
      isPaused = true;
      await events.canContinue?.();
      isPaused = false;
    }
    await held.release();
  } catch (error) {
    const hasFallenSilent = stall.signal.aborted && !signal.aborted;
    if (held !== undefined) await giveBack(held, { isLost: hasFallenSilent || hasCode(error, "worker-lost"), lost });
    throw hasFallenSilent ? new AppError("worker-lost", { detail: "it fell silent", cause: error }) : error;
  } finally {
    watch.dispose();
  }
}

/** The first slot on a lost worker stays taken, so that another worker is chosen; further ones are given back. */
async function giveBack(held: HeldLease, { isLost, lost }: { isLost: boolean; lost: Set<string> }): Promise<void> {
  const { name } = held.lease.worker;
  if (!isLost || lost.has(name)) return held.release();
  lost.add(name);
  held.abandon();
}

/** In the middle of known words, and the listener about to run dry. Between clauses the brain may be the slow one. */
function hasStalled(nowMs: number, progress: SpeechProgress): boolean {
  const isSilent = nowMs - progress.lastFrameAtMs > STALL_SILENCE_MS;
  return isSilent && progress.isInsideWords && nowMs > progress.dryAtMs - STALL_MARGIN_MS;
}

function isRecoverable(error: unknown): boolean {
  return error instanceof AppError && RECOVERABLE.has(error.code);
}

async function* noteFirst<T>(source: AsyncIterable<T>, onFirst: () => void): AsyncGenerator<T, void, undefined> {
  let isFirst = true;
  for await (const item of source) {
    if (isFirst) onFirst();
    isFirst = false;
    yield item;
  }
}

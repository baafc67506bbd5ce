import { AppError, hasCode, type ErrorCode } from "#contracts/errors";
import { sleep } from "#core/lifecycle/sleep";
import type { VoiceFrame } from "#core/ports/voice-link";
import type { ClauseLog } from "./clause-log";
import { isWorkerLost, LOST } from "./lost-worker";
import { openHedgedStream, type HedgeDeps } from "./hedged-stream";
import { openStream, type OpenStream, type StreamRequest } from "./open-stream";
import { SpeechProgress, type SpeechCut } from "./speech-progress";

/** After a voice broke off, another worker is looked for this long. */
const FAILOVER_TIMEOUT_MS = 5_000;
const RETRY_MS = 50;
/** A worker may have begun to leave between its lease and its stream; one that refuses for another reason goes on refusing. */
const REFUSALS_BEFORE_SOUND = 2;
/** A voice with something to say is given up this long before the listener runs dry: a lease and a clause take about as long. */
const STALL_MARGIN_MS = 100;
const STALL_CHECK_MS = 20;
/** Frames come every 20 ms; a pause shorter than this may be a busy computer. */
const STALL_SILENCE_MS = 150;
/** A clause is late after three times as long as nine of ten take, and no sooner than this: scheduling alone may take as long. */
const LATE_RATIO = 3;
const MIN_LATE_MS = 500;
/** Of a worker of which nothing is known yet. */
const UNKNOWN_LATE_MS = 5_000;
/** Failures after which another worker, or the same one a little later, may go on. */
const RECOVERABLE: ReadonlySet<ErrorCode> = new Set([
  ...LOST,
  "worker-refused",
  "worker-at-capacity",
  "stale-token",
  "no-worker",
  "registry-unavailable",
  "redis-unreachable",
]);

export type FailoverDeps = HedgeDeps;

export interface FailoverRequest {
  sessionId: string;
  requestId: string;
  voice: string;
  clauses: ClauseLog;
  signal: AbortSignal;
}

export interface FailoverEvents {
  onLease(): void;
  /** The worker that speaks from now on. */
  onWorker(workerName: string): void;
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
  const owing = { givenUpAt: -1 };
  for (let attempt = 0; ; attempt++) {
    try {
      const requestId = attempt === 0 ? request.requestId : `${request.requestId}.${attempt}`;
      await speakFrom(
        deps,
        { ...request, requestId, textOffset },
        { events, progress, lost, owing, onSpeaking: () => (failing = undefined) },
      );
      return;
    } catch (error) {
      const hasBegun = progress.cut().receivedSamples > 0;
      if (request.signal.aborted || !isRecoverable(error) || !mayGoOn(error, { attempt, hasBegun })) throw error;
      const isNew = failing === undefined;
      failing ??= { error, untilMs: deps.clock.nowMs() + FAILOVER_TIMEOUT_MS };
      if (deps.clock.nowMs() >= failing.untilMs) throw failing.error;
      if (isNew) deps.log.warn("the voice broke off; another worker goes on", { error, attempt });
      else deps.log.debug("nor does this worker speak", { error, attempt });
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
  /** Names of workers that were lost in this turn, the last one last. */
  lost: Set<string>;
  /** Where in the text a worker was last given up for a clause that it owed. */
  owing: { givenUpAt: number };
  onSpeaking(): void;
}

async function speakFrom(
  deps: FailoverDeps,
  request: FailoverRequest & { textOffset: number },
  attempt: Attempt,
): Promise<void> {
  const { events, progress, lost, owing } = attempt;
  const { clauses, signal, textOffset, requestId, sessionId, voice } = request;
  let stream: OpenStream | undefined;
  const stall = new AbortController();
  let isPaused = false;
  let askedAtMs = Infinity;
  const owesWords = (nowMs: number): boolean => {
    const { isInsideWords, spokenOffset } = progress;
    if (isInsideWords) return true;
    // Letters that a voice has no sound for are owed for ever: one attempt is enough.
    if (stream === undefined || spokenOffset === owing.givenUpAt) return false;
    const sinceMs = Math.max(askedAtMs, clauses.wordsSinceMs(spokenOffset) ?? Infinity);
    return nowMs - sinceMs > lateMs(deps.router.p90Ms(stream.worker));
  };
  const watch = deps.clock.setRepeating(STALL_CHECK_MS, () => {
    const nowMs = deps.clock.nowMs();
    if (!isPaused && isRunningDry(nowMs, progress) && owesWords(nowMs)) stall.abort();
  });
  try {
    stream = await open(
      deps,
      {
        sessionId,
        requestId,
        voice,
        avoid: lost,
        exclude: [],
        readClauses: () => clauses.readFrom(textOffset),
        signal: AbortSignal.any([signal, stall.signal]),
      },
      { events, isFirst: textOffset === 0 },
    );
    askedAtMs = deps.clock.nowMs();
    for (let frame = await stream.next(); frame.done !== true; frame = await stream.next()) {
      if (signal.aborted) break;
      attempt.onSpeaking();
      const unheard = progress.add(frame.value, deps.clock.nowMs());
      if (unheard === undefined) continue;
      events.onFrame(unheard);
      isPaused = true;
      await events.canContinue?.();
      isPaused = false;
    }
    await stream.close({ isLost: false });
  } catch (error) {
    const hasFallenSilent = stall.signal.aborted && !signal.aborted;
    if (hasFallenSilent && !progress.isInsideWords) owing.givenUpAt = progress.spokenOffset;
    const isLost = hasFallenSilent || isWorkerLost(error);
    if (stream !== undefined) await giveUp(stream, { isLost, lost });
    throw hasFallenSilent ? new AppError("worker-lost", { detail: "it fell silent", cause: error }) : error;
  } finally {
    watch.dispose();
  }
}

/** Only the start of a turn is hedged: later a listener has frames in hand, and a failover finds the next word. */
async function open(
  deps: FailoverDeps,
  request: StreamRequest,
  { events, isFirst }: { events: FailoverEvents; isFirst: boolean },
): Promise<OpenStream> {
  deps.hedges.streamStarts();
  deps.metrics.count("parley_voice_streams_total");
  const askedAtMs = deps.clock.nowMs();
  const onText = (): void => events.onFirstClause();
  const stream = isFirst
    ? await openHedgedStream(deps, request, { onText, onSecondWins: (worker) => events.onWorker(worker) })
    : await openStream(deps, request, onText);
  deps.metrics.observe("parley_lease_ms", deps.clock.nowMs() - askedAtMs);
  events.onLease();
  events.onWorker(stream.worker);
  return stream;
}

/** The first slot on a lost worker stays taken, so that another worker is chosen; further ones are given back. */
async function giveUp(stream: OpenStream, { isLost, lost }: { isLost: boolean; lost: Set<string> }): Promise<void> {
  const isFirstLoss = isLost && !lost.has(stream.worker);
  if (isLost) {
    lost.delete(stream.worker);
    lost.add(stream.worker);
  }
  await stream.close({ isLost: isFirstLoss });
}

function isRunningDry(nowMs: number, progress: SpeechProgress): boolean {
  const isSilent = nowMs - progress.lastFrameAtMs > STALL_SILENCE_MS;
  return isSilent && nowMs > progress.dryAtMs - STALL_MARGIN_MS;
}

/** Between clauses the brain may be the slow one; a clause that the worker has had for longer than this is the worker's. */
function lateMs(p90Ms: number | undefined): number {
  return p90Ms === undefined ? UNKNOWN_LATE_MS : Math.max(MIN_LATE_MS, LATE_RATIO * p90Ms);
}

/** Before the first sound only a worker that fails is worth another: that there is none is said at once. */
function mayGoOn(error: unknown, { attempt, hasBegun }: { attempt: number; hasBegun: boolean }): boolean {
  if (hasBegun) return true;
  if (hasCode(error, "worker-refused")) return attempt < REFUSALS_BEFORE_SOUND;
  return attempt > 0 || isWorkerLost(error);
}

function isRecoverable(error: unknown): boolean {
  return error instanceof AppError && RECOVERABLE.has(error.code);
}

import { AppError } from "#contracts/errors";
import { createDeferred } from "#core/lifecycle/deferred";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Metrics } from "#core/ports/metrics";
import type { VoiceFrame } from "#core/ports/voice-link";
import type { HedgeBudget } from "./hedge-budget";
import { isWorkerLost } from "./lost-worker";
import { openStream, type OpenStream, type StreamDeps, type StreamRequest } from "./open-stream";

export interface HedgeDeps extends StreamDeps {
  metrics: Metrics;
  hedges: HedgeBudget;
}

export interface HedgeEvents {
  onText(): void;
  /** The second worker spoke first. */
  onSecondWins(worker: string): void;
}

/** A first frame is never called late sooner than this: scheduling alone may take as long on a busy computer. */
const MIN_LATE_MS = 60;

interface FirstFrame {
  stream: OpenStream;
  result: IteratorResult<VoiceFrame, void>;
}

/**
 * A stream whose first frame may come from a second worker: when the first one has sent none by its own 90th percentile,
 * another is asked for the same text, the first to speak wins and the other one is cancelled. Rules RT6 to RT8 of
 * docs/specs/routing.md; the idea is the hedged request of Dean and Barroso, "The Tail at Scale", 2013.
 */
export async function openHedgedStream(
  deps: HedgeDeps,
  request: StreamRequest,
  events: HedgeEvents,
): Promise<OpenStream> {
  const late = createDeferred<void>();
  late.promise.catch(() => undefined);
  let timer: Disposable | undefined;
  const first = await openStream(deps, request, () => {
    events.onText();
    const p90Ms = deps.router.p90Ms(first.worker);
    if (p90Ms !== undefined) timer = deps.clock.setTimer(Math.max(MIN_LATE_MS, p90Ms), () => late.resolve());
  });
  let winner: OpenStream | undefined;
  let losing: Promise<void> = Promise.resolve();

  const contest = async (): Promise<IteratorResult<VoiceFrame, void>> => {
    const own = ask(first).finally(() => {
      timer?.dispose();
      late.reject(new AppError("cancelled"));
    });
    const second = late.promise.then(() => openSecond(deps, request, first.worker));
    const other = second.then(ask);
    try {
      const { stream, result } = await firstToSpeak(own, other);
      winner = stream;
      losing = leave(stream === first ? second : Promise.resolve(first), stream === first ? other : own);
      if (stream !== first) {
        deps.metrics.count("parley_hedges_won_total");
        events.onSecondWins(stream.worker);
      }
      return result;
    } catch (error) {
      losing = leave(second, other);
      throw error;
    }
  };

  return {
    get worker() {
      return (winner ?? first).worker;
    },
    get textAtMs() {
      return (winner ?? first).textAtMs;
    },
    next: () => winner?.next() ?? contest(),
    async close(outcome) {
      timer?.dispose();
      late.reject(new AppError("cancelled"));
      await Promise.all([(winner ?? first).close(outcome), losing]);
    },
  };
}

async function openSecond(deps: HedgeDeps, request: StreamRequest, firstWorker: string): Promise<OpenStream> {
  const { voice, sessionId, avoid } = request;
  const isThereAnother = deps.router.rank({ voice, sessionId, exclude: new Set([...avoid, firstWorker]) }).length > 0;
  if (!isThereAnother || !deps.hedges.take()) throw new AppError("no-worker");
  deps.metrics.count("parley_hedges_total");
  return openStream(deps, {
    ...request,
    requestId: `${request.requestId}h`,
    exclude: [...request.exclude, firstWorker],
  });
}

async function ask(stream: OpenStream): Promise<FirstFrame> {
  return { stream, result: await stream.next() };
}

/** When both fail, the first one's failure counts. */
async function firstToSpeak(own: Promise<FirstFrame>, other: Promise<FirstFrame>): Promise<FirstFrame> {
  try {
    return await Promise.any([own, other]);
  } catch {
    return own;
  }
}

/** Closes the stream that lost, whenever it opens; nobody waits for its frame any more. */
async function leave(stream: Promise<OpenStream>, frame: Promise<unknown>): Promise<void> {
  let isLost = false;
  void frame.catch((error: unknown) => (isLost = isWorkerLost(error)));
  try {
    await (await stream).close({ isLost });
  } catch {
    // It never opened.
  }
}

import { AppError, hasCode, toWireError, type WireError } from "#contracts/errors";
import { DisposableStore } from "#core/lifecycle/disposable";
import type { Brain, BrainMessage } from "#core/ports/brain";
import type { Clock } from "#core/ports/clock";
import type { VoiceFrame } from "#core/ports/voice-link";
import { apologyFor } from "#core/text/apology";
import { ClauseSplitter } from "#core/text/clause-splitter";
import { ClauseLog } from "./clause-log";
import type { SpeechCut } from "./speech-progress";
import { speakWithFailover, type FailoverDeps } from "./voice-failover";

/** A finished sentence is spoken when no token has followed for this long [TT27]. */
const BRAIN_STALL_MS = 150;
/** Clauses that may wait for the voice; the brain waits when there are more. */
const MAX_WAITING_CLAUSES = 64;

export interface AgentTurnDeps extends FailoverDeps {
  brain: Brain;
}

export interface AgentTurnRequest {
  sessionId: string;
  /** Names the lease; another for each attempt. */
  requestId: string;
  voice: string;
  history: readonly BrainMessage[];
  signal: AbortSignal;
}

export type AgentTurnStage = "brain-first-token" | "first-clause" | "lease" | "worker-first-frame";

export interface AgentTurnEvents {
  onText(text: string): void;
  onFrame(frame: VoiceFrame): void;
  onStage(stage: AgentTurnStage): void;
  onWorker(name: string): void;
  /**
   * The voice broke off and another worker goes on. Returns the sample of the turn at which its first frame is to be
   * placed; without this, behind all that was delivered.
   */
  onCut?(cut: SpeechCut): number;
  /** Awaited after each frame when it returns a promise: holds the voice back. */
  canContinue?(): Promise<void> | undefined;
  /** A failure that the user is told of; the turn may go on (an apology is spoken). */
  onError(error: WireError): void;
}

/** "spoken": every frame was delivered. "failed": the voice gave up; nothing more comes. */
export type AgentTurnOutcome = "spoken" | "failed" | "aborted";

/**
 * One answer: the brain's tokens become clauses, the clauses go to the worker that granted the lease,
 * its frames come back. Never rejects; failures are reported through the events and the outcome.
 */
export async function runAgentTurn(
  deps: AgentTurnDeps,
  request: AgentTurnRequest,
  events: AgentTurnEvents,
): Promise<AgentTurnOutcome> {
  const clauses = new ClauseLog({ capacity: MAX_WAITING_CLAUSES, clock: deps.clock });
  const stop = new AbortController();
  const signal = AbortSignal.any([request.signal, stop.signal]);
  const thinking = think(deps, { ...request, signal }, { events, clauses });
  try {
    await speak(deps, { ...request, signal }, { events, clauses });
    return request.signal.aborted ? "aborted" : "spoken";
  } catch (error) {
    if (request.signal.aborted) return "aborted";
    deps.log.warn("agent turn failed", { error, requestId: request.requestId });
    events.onError(toWireError(error));
    return "failed";
  } finally {
    stop.abort();
    clauses.end();
    await thinking;
  }
}

interface Flow {
  events: AgentTurnEvents;
  clauses: ClauseLog;
}

async function think(deps: AgentTurnDeps, request: AgentTurnRequest, flow: Flow): Promise<void> {
  const { events, clauses } = flow;
  const splitter = new ClauseSplitter();
  let hasText = false;
  let hasWords = false;
  const add = async (text: string): Promise<void> => {
    if (!hasText) events.onStage("brain-first-token");
    hasText = true;
    hasWords ||= text.trim() !== "";
    events.onText(text);
    for (const clause of splitter.push(text)) await clauses.push(clause);
  };
  try {
    for await (const delta of withStalls(deps, request)) {
      if (request.signal.aborted) return;
      if (delta.type === "text") await add(delta.text);
      else for (const clause of splitter.stall()) await clauses.push(clause);
    }
    if (!hasWords && !request.signal.aborted) throw new AppError("brain-failed", { detail: "it gave an empty answer" });
  } catch (error) {
    if (request.signal.aborted || hasCode(error, "cancelled")) return;
    deps.log.warn("brain failed", { error, requestId: request.requestId });
    const wire = toWireError(error);
    events.onError(wire);
    await add(`${hasWords ? " " : ""}${apologyFor(wire.code)}`); // [TT26]
  } finally {
    for (const clause of splitter.end()) await clauses.push(clause);
    clauses.end();
  }
}

type BrainStep = { type: "text"; text: string } | { type: "stall" };

/** The brain's deltas, with a stall for every `BRAIN_STALL_MS` that pass without one. */
async function* withStalls(deps: AgentTurnDeps, request: AgentTurnRequest): AsyncGenerator<BrainStep, void, undefined> {
  const { history, sessionId, signal } = request;
  const iterator = deps.brain.respond({ history, sessionId, signal })[Symbol.asyncIterator]();
  let isDone = false;
  try {
    for (;;) {
      const next = iterator.next();
      while (await isSlow(next, deps.clock)) yield { type: "stall" };
      const result = await next;
      if (result.done === true) {
        isDone = true;
        return;
      }
      yield { type: "text", text: result.value };
    }
  } finally {
    if (!isDone) iterator.return?.(undefined).catch(() => undefined);
  }
}

/** True when the promise has not settled within `BRAIN_STALL_MS`. */
async function isSlow(promise: Promise<unknown>, clock: Clock): Promise<boolean> {
  const timer = new DisposableStore();
  const late = new Promise<boolean>((resolve) => timer.add(clock.setTimer(BRAIN_STALL_MS, () => resolve(true))));
  const settled = promise.then(
    () => false,
    () => false,
  );
  return Promise.race([settled, late]).finally(() => timer.dispose());
}

async function speak(deps: AgentTurnDeps, request: AgentTurnRequest, { events, clauses }: Flow): Promise<void> {
  let hasSpoken = false;
  await speakWithFailover(
    deps,
    { ...request, clauses },
    {
      onLease: () => events.onStage("lease"),
      onWorker: (name) => events.onWorker(name),
      onFirstClause: () => events.onStage("first-clause"),
      onFrame: (frame) => {
        if (!hasSpoken) events.onStage("worker-first-frame");
        hasSpoken = true;
        events.onFrame(frame);
      },
      onCut: (cut) => events.onCut?.(cut) ?? cut.receivedSamples,
      canContinue: () => events.canContinue?.(),
    },
  );
}

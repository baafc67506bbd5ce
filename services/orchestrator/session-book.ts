import { AppError } from "#contracts/errors";
import { RESUME_WINDOW_MS } from "#contracts/protocol/limits";
import type { SessionId } from "#contracts/units";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { Ids } from "#core/ports/ids";
import type { Metrics } from "#core/ports/metrics";
import type { TurnDelays } from "#core/settings/turn-presets";
import type { ClientSink } from "./client-sink";
import { Session, type SessionDeps } from "./session";
import { isSameSecret } from "./same-secret";

export interface SessionBookDeps extends SessionDeps {
  ids: Ids;
  metrics: Metrics;
  clock: Clock;
  maxSessions: number;
}

interface Entry {
  session: Session;
  micSampleRateHz: number | undefined;
  resumeToken: string;
  expiry: Disposable | undefined;
  connection: SessionConnection;
}

/** What the connection of a session is told. */
export interface SessionConnection {
  /** The session is over, whatever ended it. */
  onEnded(): void;
  /** Another connection has taken the session over: this one has to leave it. */
  onTakenOver(): void;
}

export interface OpenedSession {
  session: Session;
  resumeToken: string;
  isResumed: boolean;
}

/** All conversations of this orchestrator: opens, resumes, bounds and ends them. */
export class SessionBook {
  #deps: SessionBookDeps;
  readonly #entries = new Map<SessionId, Entry>();
  #isDraining = false;
  #onEmpty: (() => void) | undefined;

  constructor(deps: SessionBookDeps) {
    this.#deps = deps;
  }

  get count(): number {
    return this.#entries.size;
  }

  /** Throws `at-capacity` or `shutting-down`. */
  open(request: {
    micSampleRateHz: number | undefined;
    voice: string;
    idPrefix: string;
    connection: SessionConnection;
  }): OpenedSession {
    if (this.#isDraining) throw new AppError("shutting-down");
    if (this.#entries.size >= this.#deps.maxSessions) throw new AppError("at-capacity");
    const sessionId = this.#deps.ids.next(request.idPrefix) as SessionId;
    const resumeToken = this.#deps.ids.secret();
    const session = new Session(
      { ...this.#deps, log: this.#deps.log.child({ sessionId }) },
      {
        sessionId,
        micSampleRateHz: request.micSampleRateHz,
        voice: request.voice,
        onEnded: () => {
          const connection = this.#entries.get(sessionId)?.connection;
          this.#remove(sessionId);
          connection?.onEnded();
        },
      },
    );
    const { micSampleRateHz, connection } = request;
    this.#entries.set(sessionId, { session, micSampleRateHz, resumeToken, expiry: undefined, connection });
    this.#deps.metrics.set("parley_sessions", this.#entries.size);
    return { session, resumeToken, isResumed: false };
  }

  /**
   * Throws `resume-failed` when the session is over, or the token is not its own; `unsupported-audio` when its microphone
   * has another rate now.
   */
  resume(request: {
    sessionId: string;
    resumeToken: string;
    micSampleRateHz: number;
    connection: SessionConnection;
  }): OpenedSession {
    const entry = this.#entries.get(request.sessionId as SessionId);
    if (entry === undefined || !isSameSecret(entry.resumeToken, request.resumeToken))
      throw new AppError("resume-failed");
    if (entry.micSampleRateHz !== request.micSampleRateHz)
      throw new AppError("unsupported-audio", { detail: `the session began at ${String(entry.micSampleRateHz)} Hz` });
    // A client that has lost its connection is back before the connection is known to be lost.
    entry.connection.onTakenOver();
    entry.expiry?.dispose();
    entry.expiry = undefined;
    entry.connection = request.connection;
    return { session: entry.session, resumeToken: entry.resumeToken, isResumed: true };
  }

  /** The client went without a goodbye: the session waits for it for a while. */
  leave(session: Session, sink: ClientSink): void {
    const entry = this.#entries.get(session.sessionId);
    if (entry === undefined || !session.isAttachedTo(sink)) return;
    session.detach();
    entry.expiry?.dispose();
    entry.expiry = this.#deps.clock.setTimer(RESUME_WINDOW_MS, () => session.end());
  }

  /** For the conversations that run and those to come. */
  setTurnDelays(delays: TurnDelays): void {
    this.#deps = { ...this.#deps, config: { ...this.#deps.config, ...delays } };
    for (const { session } of this.#entries.values()) session.setTurnDelays(delays);
  }

  /** Takes no new sessions and resolves when the last one has ended. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    const empty = new Promise<void>((resolve) => (this.#onEmpty = resolve));
    for (const { session } of [...this.#entries.values()]) session.drain();
    if (this.#entries.size > 0) await empty;
  }

  endAll(): void {
    this.#isDraining = true;
    for (const { session } of [...this.#entries.values()]) session.end();
  }

  #remove(sessionId: SessionId): void {
    this.#entries.get(sessionId)?.expiry?.dispose();
    this.#entries.delete(sessionId);
    this.#deps.metrics.set("parley_sessions", this.#entries.size);
    if (this.#entries.size === 0) this.#onEmpty?.();
  }
}

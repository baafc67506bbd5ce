import { createDeferred, type Deferred } from "#core/lifecycle/deferred";

/** Sessions kept; the one used longest ago goes first when there are more, unless it is speaking. */
const SESSION_LIMIT = 1024;

/** What Control can do to one running stream. */
export class StreamControl {
  readonly #stop = new AbortController();
  #resumed: Deferred<void> | undefined;

  /** Aborted by `stop`. */
  get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  pause(): void {
    this.#resumed ??= createDeferred<void>();
  }

  resume(): void {
    this.#resumed?.resolve();
    this.#resumed = undefined;
  }

  /** Ends the stream for good; a paused one too. */
  stop(): void {
    this.#stop.abort();
    this.resume();
  }

  get isPaused(): boolean {
    return this.#resumed !== undefined;
  }

  /** Resolves while not paused. */
  whenResumed(): Promise<void> {
    return this.#resumed?.promise ?? Promise.resolve();
  }
}

export interface WorkerSession {
  sessionId: string;
  voice: string;
  readonly streams: Set<StreamControl>;
}

/** Sessions that clients have started. Commands reach the streams that run at that moment and no later ones. */
export class SessionTable {
  readonly #sessions = new Map<string, WorkerSession>();

  start(sessionId: string, voice: string): WorkerSession {
    const session = this.find(sessionId) ?? { sessionId, voice, streams: new Set<StreamControl>() };
    session.voice = voice;
    this.#sessions.set(sessionId, session);
    if (this.#sessions.size > SESSION_LIMIT) this.#forgetOldest();
    return session;
  }

  find(sessionId: string): WorkerSession | undefined {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return undefined;
    // Moves it to the end of the order of use.
    this.#sessions.delete(sessionId);
    this.#sessions.set(sessionId, session);
    return session;
  }

  /** Ends the session and its streams; false when there is none. */
  end(sessionId: string): boolean {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return false;
    this.#sessions.delete(sessionId);
    for (const stream of session.streams) stream.stop();
    return true;
  }

  #forgetOldest(): void {
    for (const [sessionId, session] of this.#sessions) {
      if (session.streams.size > 0) continue;
      this.#sessions.delete(sessionId);
      return;
    }
  }

  get size(): number {
    return this.#sessions.size;
  }
}

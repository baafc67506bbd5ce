import { AppError } from "#contracts/errors";

/** Sessions remembered; the one not heard of for longest is forgotten first. A session has a few kilobytes of life elsewhere. */
const SESSION_LIMIT = 4096;

/**
 * Refuses text that is sent under a lease which a newer one has replaced: for each session the highest fencing token
 * seen counts. Tokens grow with every grant of the registry.
 */
export class Fencing {
  readonly #highest = new Map<string, number>();

  /** Tokens of another registry follow. */
  reset(): void {
    this.#highest.clear();
  }

  /** Throws `stale-token` when a higher token of this session has been seen. */
  check(sessionId: string, fencingToken: number): void {
    const highest = this.#highest.get(sessionId) ?? -Infinity;
    if (fencingToken < highest) throw new AppError("stale-token");
    this.#highest.delete(sessionId);
    this.#highest.set(sessionId, fencingToken);
    if (this.#highest.size <= SESSION_LIMIT) return;
    const [oldest] = this.#highest.keys();
    if (oldest !== undefined) this.#highest.delete(oldest);
  }
}

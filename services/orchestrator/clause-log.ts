import { createDeferred, type Deferred } from "#core/lifecycle/deferred";
import type { Clock } from "#core/ports/clock";
import type { TextClause } from "#core/ports/voice-link";

interface LoggedClause {
  clause: TextClause;
  /** Behind its last letter or digit, in the turn's text; 0 for marks alone, which are nothing to say. */
  wordsEndOffset: number;
  loggedAtMs: number;
}

/**
 * The clauses of one agent turn, kept until the turn is over, so that another worker can go on in the middle.
 * One writer; one reader at a time. The writer waits when it is `capacity` clauses ahead of the newest reader.
 */
export class ClauseLog {
  readonly #capacity: number;
  readonly #clock: Clock;
  readonly #clauses: LoggedClause[] = [];
  #readCount = 0;
  #isEnded = false;
  #changed: Deferred<void> | undefined;

  constructor(options: { capacity: number; clock: Clock }) {
    this.#capacity = options.capacity;
    this.#clock = options.clock;
  }

  async push(clause: TextClause): Promise<void> {
    while (!this.#isEnded && this.#clauses.length - this.#readCount >= this.#capacity) await this.#change();
    if (this.#isEnded) return;
    const length = clause.text.search(/[^\p{L}\p{N}]*$/u);
    const wordsEndOffset = length > 0 ? clause.offset + length : 0;
    this.#clauses.push({ clause, wordsEndOffset, loggedAtMs: this.#clock.nowMs() });
    this.#wake();
  }

  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** The text from this offset on, clause by clause, the first one cut there; ends when the log has ended. */
  async *readFrom(offset: number): AsyncGenerator<TextClause, void, undefined> {
    for (let index = 0; ; index++) {
      while (index >= this.#clauses.length) {
        if (this.#isEnded) return;
        await this.#change();
      }
      this.#readCount = Math.max(this.#readCount, index + 1);
      this.#wake();
      const logged = this.#clauses[index];
      const rest = logged === undefined ? undefined : cutClause(logged.clause, offset);
      if (rest !== undefined) yield rest;
    }
  }

  /** When the first clause with words beyond this offset of the turn's text came, ms on the clock; undefined while there is none. */
  wordsSinceMs(offset: number): number | undefined {
    return this.#clauses.find(({ wordsEndOffset }) => wordsEndOffset > offset)?.loggedAtMs;
  }

  #change(): Promise<void> {
    this.#changed ??= createDeferred<void>();
    return this.#changed.promise;
  }

  #wake(): void {
    this.#changed?.resolve();
    this.#changed = undefined;
  }
}

function cutClause(clause: TextClause, offset: number): TextClause | undefined {
  if (offset <= clause.offset) return clause;
  const text = clause.text.slice(offset - clause.offset);
  return text.trim() === "" ? undefined : { text, offset };
}

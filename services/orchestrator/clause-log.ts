import { createDeferred, type Deferred } from "#core/lifecycle/deferred";
import type { TextClause } from "#core/ports/voice-link";

/**
 * The clauses of one agent turn, kept until the turn is over, so that another worker can go on in the middle.
 * One writer; one reader at a time. The writer waits when it is `capacity` clauses ahead of the newest reader.
 */
export class ClauseLog {
  readonly #capacity: number;
  readonly #clauses: TextClause[] = [];
  #readCount = 0;
  #isEnded = false;
  #changed: Deferred<void> | undefined;

  constructor(options: { capacity: number }) {
    this.#capacity = options.capacity;
  }

  async push(clause: TextClause): Promise<void> {
    while (!this.#isEnded && this.#clauses.length - this.#readCount >= this.#capacity) await this.#change();
    if (this.#isEnded) return;
    this.#clauses.push(clause);
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
      const clause = this.#clauses[index];
      const rest = clause === undefined ? undefined : cutClause(clause, offset);
      if (rest !== undefined) yield rest;
    }
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

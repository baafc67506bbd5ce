import { AsyncQueue } from "#core/lifecycle/async-queue";
import type { TextClause } from "#core/ports/voice-link";

/** Clauses that a test says one after the other, with their places in the turn's text. */
export interface ManualTextSource {
  readonly clauses: AsyncIterable<TextClause>;
  say(text: string): void;
  end(): void;
}

export function createManualTextSource(...texts: readonly string[]): ManualTextSource {
  const queue = new AsyncQueue<TextClause>({ capacity: 1_000 });
  let offset = 0;
  const say = (text: string): void => {
    void queue.push({ text, offset });
    offset += text.length;
  };
  for (const text of texts) say(text);
  return { clauses: queue, say, end: () => queue.end() };
}

/** All of it at once. */
export function textSource(...texts: readonly string[]): AsyncIterable<TextClause> {
  const source = createManualTextSource(...texts);
  source.end();
  return source.clauses;
}

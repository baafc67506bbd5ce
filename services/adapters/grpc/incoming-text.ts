import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { createDeferred } from "#core/lifecycle/deferred";
import type { Clock } from "#core/ports/clock";
import type { TextClause } from "#core/ports/voice-link";
import { ClauseSplitter } from "#core/text/clause-splitter";
import { TextChunk } from "./messages";

/** Throws `bad-message`. */
export function parseChunk(raw: unknown): TextChunk {
  const chunk = parseWith(TextChunk, raw);
  if (!chunk.ok) throw new AppError("bad-message", { detail: chunk.issues });
  return chunk.value;
}

/** Our own clients send whole clauses and say where they stand in the turn's text. */
export async function* readClauses(
  first: TextChunk,
  rest: AsyncIterator<TextChunk>,
): AsyncGenerator<TextClause, void, undefined> {
  yield { text: first.text, offset: first.text_offset };
  for (let next = await rest.next(); next.done !== true; next = await rest.next())
    yield { text: next.value.text, offset: next.value.text_offset };
}

/** After this long without text a sentence is taken for complete; twice, if it ends in a digit. */
const STALL_MS = 150;
const STALLS_PER_CHUNK = 2;

async function orStall<T>(pending: Promise<T>, clock: Clock): Promise<T | "stall"> {
  const stalled = createDeferred<"stall">();
  const timer = clock.setTimer(STALL_MS, () => stalled.resolve("stall"));
  try {
    return await Promise.race([pending, stalled.promise]);
  } finally {
    timer.dispose();
  }
}

/** Other clients send text in parts that end anywhere: it is cut into clauses as they get complete. */
export async function* cutClauses(
  first: TextChunk,
  rest: AsyncIterator<TextChunk>,
  clock: Clock,
): AsyncGenerator<TextClause, void, undefined> {
  const splitter = new ClauseSplitter();
  yield* splitter.push(first.text);
  let stalls = 0;
  let pending = rest.next();
  for (;;) {
    const next = stalls < STALLS_PER_CHUNK ? await orStall(pending, clock) : await pending;
    if (next === "stall") {
      stalls++;
      yield* splitter.stall();
      continue;
    }
    if (next.done === true) break;
    stalls = 0;
    yield* splitter.push(next.value.text);
    pending = rest.next();
  }
  yield* splitter.end();
}

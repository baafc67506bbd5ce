import { breakBehind, endsSentenceSoFar, isConjunctionNext, type BreakContext } from "./clause-rules";
import { readToken } from "./clause-tokens";

export interface Clause {
  /** Exactly as it came, white space included. Blank where the text is. */
  text: string;
  /** Of its first character in the whole text, in UTF-16 units. */
  offset: number;
}

interface Lengths {
  /** Words before a comma or a dash may end the clause. */
  softWords: number;
  /** Words before a conjunction may begin a new one. */
  conjunctionWords: number;
}

/** The first clause decides when the voice begins, so it may be short; later ones are long enough to sound natural. */
const firstClause: Lengths = { softWords: 3, conjunctionWords: 5 };
const laterClause: Lengths = { softWords: 7, conjunctionWords: 9 };
const MAX_CLAUSE_WORDS = 25;
/** Text without white space is cut here, so that no clause grows without bound. */
const MAX_CLAUSE_CHARS = 300;
/** A block of code stays whole, so that the voice can leave it out; beyond this it is treated as text. */
const MAX_CODE_BLOCK_CHARS = 8_000;
const fence = "```";

const wordPattern = /[\p{L}\p{N}]/u;

type Scan =
  | { type: "boundary"; end: number }
  /** More text is needed; `pending` is the last token with what is known about it. */
  | { type: "wait"; pending: BreakContext | undefined };

/**
 * Cuts the brain's text deltas into clauses for the voice, as early as each can be known to be complete.
 * The clauses in order are exactly the text that was pushed, and depend on how it was chunked only where `stall`
 * was called. Ends clauses at . ! ? … : ; and line breaks, at commas, dashes and conjunctions once they are long
 * enough, never inside numbers, times, abbreviations, initials and URLs.
 */
export class ClauseSplitter {
  #pending = "";
  #offset = 0;
  #stallCount = 0;

  /** Returns the clauses that are complete now. */
  push(textDelta: string): Clause[] {
    if (textDelta === "") return [];
    this.#stallCount = 0;
    this.#pending += textDelta;
    return this.#takeReady(false);
  }

  /**
   * To be called each time nothing has come for about 150 ms: releases a sentence that is held back only because
   * nothing follows it yet. One that ends in a digit ("3.") may still become "3.14", and needs a second call.
   */
  stall(): Clause[] {
    this.#stallCount++;
    const scan = scanClause(this.#pending, { isFirst: this.#offset === 0, isEnd: false });
    if (scan.type !== "wait" || scan.pending === undefined) return [];
    const sureness = endsSentenceSoFar(scan.pending);
    const isReleased = sureness === "yes" || (sureness === "likely" && this.#stallCount >= 2);
    return isReleased ? [this.#take(this.#pending.length)] : [];
  }

  /** The text is complete: returns all that is left. */
  end(): Clause[] {
    return this.#takeReady(true);
  }

  #takeReady(isEnd: boolean): Clause[] {
    const clauses: Clause[] = [];
    while (this.#pending !== "") {
      const scan = scanClause(this.#pending, { isFirst: this.#offset === 0, isEnd });
      if (scan.type === "wait") break;
      clauses.push(this.#take(scan.end));
    }
    return clauses;
  }

  #take(end: number): Clause {
    const clause = { text: this.#pending.slice(0, end), offset: this.#offset };
    this.#pending = this.#pending.slice(end);
    this.#offset += end;
    return clause;
  }
}

/** Finds the end of the clause at the start of `text`. Depends on later text only by waiting for it. */
function scanClause(text: string, at: { isFirst: boolean; isEnd: boolean }): Scan {
  const code = scanCodeBlock(text, at.isEnd);
  if (code !== undefined) return code;
  const lengths = at.isFirst ? firstClause : laterClause;
  let start = 0;
  let wordCount = 0;
  let previous: string | undefined;
  for (;;) {
    const token = readToken(text, start, at.isEnd);
    if (token.textEnd > MAX_CLAUSE_CHARS) return { type: "boundary", end: start > 0 ? start : cutLongText(text) };
    const context: BreakContext = { token, previous, isFirstToken: start === 0 };
    const kind = breakBehind(context);
    if (kind === "wait") return { type: "wait", pending: context };
    if (wordPattern.test(token.text)) wordCount++;
    if (kind === "sentence" || wordCount >= MAX_CLAUSE_WORDS) return { type: "boundary", end: token.end };
    if (kind === "soft" && wordCount >= lengths.softWords) return { type: "boundary", end: token.end };
    // Behind a number, "and" is mostly part of a list: "1, 2 and 3".
    if (wordCount >= lengths.conjunctionWords && !/\d$/.test(token.text)) {
      const isConjunction = isConjunctionNext(text, token.end, at.isEnd);
      if (isConjunction === undefined) return { type: "wait", pending: undefined };
      if (isConjunction) return { type: "boundary", end: token.end };
    }
    previous = token.text;
    start = token.end;
  }
}

/** Undefined: no block of code begins here. */
function scanCodeBlock(text: string, isEnd: boolean): Scan | undefined {
  const start = text.length - text.trimStart().length;
  if (!text.startsWith(fence, start)) {
    const isPerhapsFence = !isEnd && start < text.length && fence.startsWith(text.slice(start));
    return isPerhapsFence ? { type: "wait", pending: undefined } : undefined;
  }
  const close = text.indexOf(`\n${fence}`, start + fence.length);
  // Without a close, its first characters may already be the last of `text`.
  const contentEnd = close === -1 ? text.length - fence.length : close;
  if (contentEnd - start > MAX_CODE_BLOCK_CHARS) return undefined;
  if (close === -1) return isEnd ? { type: "boundary", end: text.length } : { type: "wait", pending: undefined };
  const lineEnd = text.indexOf("\n", close + 1);
  if (lineEnd !== -1) return { type: "boundary", end: lineEnd + 1 };
  return isEnd ? { type: "boundary", end: text.length } : { type: "wait", pending: undefined };
}

/** Never between the halves of a surrogate pair. */
function cutLongText(text: string): number {
  const last = text.charCodeAt(MAX_CLAUSE_CHARS - 1);
  return last >= 0xd800 && last <= 0xdbff ? MAX_CLAUSE_CHARS - 1 : MAX_CLAUSE_CHARS;
}

import type { SpokenToken } from "#core/ports/tts-engine";

/** Normalising this much at a time keeps the event loop free (under 10 ms). */
const SEGMENT_CHARS = 2_000;

export interface TextSegment {
  text: string;
  offset: number;
}

/** Cuts a long text at white space, where there is any; never inside a surrogate pair. */
export function* cutText(text: string): Generator<TextSegment> {
  let offset = 0;
  while (text.length - offset > SEGMENT_CHARS) {
    const window = text.slice(offset, offset + SEGMENT_CHARS);
    const sentenceEnd = Math.max(window.lastIndexOf(". "), window.lastIndexOf("\n"));
    const cut = sentenceEnd > SEGMENT_CHARS / 2 ? sentenceEnd + 1 : Math.max(window.lastIndexOf(" "), 0);
    const length = cut > 0 ? cut : /[\uD800-\uDBFF]$/.test(window) ? SEGMENT_CHARS - 1 : SEGMENT_CHARS;
    yield { text: text.slice(offset, offset + length), offset };
    offset += length;
  }
  if (offset < text.length) yield { text: text.slice(offset), offset };
}

/** Letters after which the next mark ends a piece: 5 s of speech, 60 ms of synthesis. */
const SOFT_LETTERS = 80;
/** Letters after which a piece ends even without a mark: 15 s of speech, 180 ms of synthesis. It bounds what a cancel waits for. */
const HARD_LETTERS = 240;

/** Cuts a clause's tokens into pieces that one synthesis may take. */
export function cutTokens(tokens: readonly SpokenToken[]): SpokenToken[][] {
  const pieces: SpokenToken[][] = [];
  let piece: SpokenToken[] = [];
  let letters = 0;
  const finish = (): void => {
    if (piece.length > 0) pieces.push(piece);
    piece = [];
    letters = 0;
  };
  for (const token of tokens) {
    if (letters > 0 && letters + token.spoken.length > HARD_LETTERS) finish();
    piece.push(token);
    letters += token.spoken.length;
    if (letters >= SOFT_LETTERS && token.punctuation !== "") finish();
  }
  finish();
  return pieces;
}

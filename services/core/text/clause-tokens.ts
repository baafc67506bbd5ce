/** A run of characters without white space, and the white space behind it. */
export interface TextToken {
  text: string;
  /** Behind the characters. */
  textEnd: number;
  /** Behind the white space too; the next token begins here. */
  end: number;
  hasNewline: boolean;
  /** First character of the next token; "" at the end of the text; undefined while it has not come yet. */
  next: string | undefined;
}

const whitespace = /\s/;
/** These end a token even where no white space follows. */
const breaksWithoutSpace = /[—。！？]/;
const closer = /["'”’»)\]*_`。！？—]/;

export function isWhitespace(char: string | undefined): boolean {
  return char !== undefined && whitespace.test(char);
}

function skip(text: string, from: number, isPart: (char: string) => boolean): number {
  let index = from;
  for (let char = text[index]; char !== undefined && isPart(char); char = text[index]) index++;
  return index;
}

/** Reads the token that begins at `from`; white space before it belongs to it. */
export function readToken(text: string, from: number, isEnd: boolean): TextToken {
  const textStart = skip(text, from, isWhitespace);
  let textEnd = textStart;
  for (let char = text[textEnd]; char !== undefined && !whitespace.test(char); char = text[textEnd]) {
    textEnd++;
    if (!breaksWithoutSpace.test(char)) continue;
    textEnd = skip(text, textEnd, (other) => closer.test(other));
    break;
  }
  const end = skip(text, textEnd, isWhitespace);
  return {
    text: text.slice(textStart, textEnd),
    textEnd,
    end,
    hasNewline: text.slice(textEnd, end).includes("\n"),
    next: text[end] ?? (isEnd ? "" : undefined),
  };
}

import { isWhitespace, type TextToken } from "./clause-tokens";

/** Where a clause may end behind a token. `wait`: it depends on text that has not come yet. */
export type BreakKind = "none" | "soft" | "sentence" | "wait";

/** Stand before a name or a number, so that their full stop never ends a sentence. */
const titles = new Set(
  "mr mrs ms mx dr prof rev fr hon pres gov gen col maj capt lt cmdr sgt sen rep st mt ft messrs mme e.g i.e viz cf vs approx ca u.s u.k u.n".split(
    " ",
  ),
);
/** Abbreviations only before a number; words of their own, or the end of a sentence, otherwise. */
const beforeNumbers = new Set(
  "no nos fig figs vol p pp ch sec art jan feb mar apr jun jul aug sep sept oct nov dec".split(" "),
);
/** May also end a sentence: they do so before a capital letter. */
const mayEndSentence = new Set(
  "etc a.m p.m inc ltd co corp jr sr ph.d m.d b.a m.a b.c a.d al bros est dept ave blvd rd".split(" "),
);

const conjunctions = new Set(
  "and but or so because which while although though whereas unless until since when where if".split(" "),
);
const longestConjunction = 8;

const closersAtEnd = /["'”’»)\]*_`]+$/;
const openersAtStart = /^["'“‘«([*_`]+/;
const listMark = /^\(?(?:\d{1,3}|[A-Za-z])[.)]$/;

/** White space counts as neither. Only single UTF-16 units are looked at, so that chunk borders cannot matter. */
const isLower = (char: string): boolean => char !== char.toUpperCase() && char === char.toLowerCase();
const isUpper = (char: string): boolean => char !== char.toLowerCase() && char === char.toUpperCase();
const isDigit = (char: string): boolean => char >= "0" && char <= "9";
const endsWithDigit = (text: string): boolean => isDigit(text.at(-1) ?? "");

export interface BreakContext {
  token: TextToken;
  /** The token before this one in the same clause. */
  previous: string | undefined;
  isFirstToken: boolean;
}

/** What a token says about the place behind it; the length of the clause is not looked at. */
export function breakBehind(context: BreakContext): BreakKind {
  const { token } = context;
  if (token.next === undefined) return "wait";
  if (token.next === "") return "sentence";
  const core = token.text.replace(closersAtEnd, "");
  if (token.hasNewline && core !== "") return context.isFirstToken && isListMark(token.text) ? "none" : "sentence";
  return breakOfCore(core, token.next, context);
}

function breakOfCore(core: string, next: string, context: BreakContext): BreakKind {
  switch (core.at(-1)) {
    case "!":
    case "?":
    case "。":
    case "！":
    case "？":
      return "sentence";
    case "…":
      return breakOfEllipsis(next);
    case ".":
      return core.endsWith("..") ? breakOfEllipsis(next) : breakOfFullStop(core.slice(0, -1), next, context);
    case ";":
    case ":":
      return context.isFirstToken || (isDigit(next) && endsWithDigit(core.slice(0, -1))) ? "none" : "sentence";
    case ",":
      return endsWithDigit(core.slice(0, -1)) && isDigit(next) ? "none" : "soft";
    case "—":
    case "–":
      return "soft";
    case "-":
      return core === "-" || core === "--" ? "soft" : "none";
    default:
      return "none";
  }
}

function breakOfEllipsis(next: string): BreakKind {
  return isLower(next) ? "soft" : "sentence";
}

function breakOfFullStop(stem: string, next: string, context: BreakContext): BreakKind {
  const word = stem.replace(openersAtStart, "");
  const lower = word.toLowerCase();
  if (context.isFirstToken && isListMark(context.token.text)) return "none";
  if (titles.has(lower) || (word.length === 1 && isLower(word))) return "none";
  if (beforeNumbers.has(lower)) return isDigit(next) ? "none" : "sentence";
  if (mayEndSentence.has(lower)) return isUpper(next) ? "sentence" : "none";
  if (isInitial(word, context.previous)) return "none";
  if (/^(?:[a-z]\.)+[a-z]$/i.test(word)) return "none";
  if (endsWithDigit(word)) return isLower(next) ? "none" : "sentence";
  return "sentence";
}

function isListMark(text: string): boolean {
  return listMark.test(text);
}

/** One capital letter with a full stop belongs to a name, unless the word before it begins small ("so do I."). */
function isInitial(word: string, previous: string | undefined): boolean {
  if (word.length !== 1 || !isUpper(word) || word === "I") return false;
  return previous === undefined || isUpper(previous.replace(openersAtStart, "")[0] ?? "");
}

/** Whether the next token is a conjunction before which a long clause may end. */
export function isConjunctionNext(text: string, from: number, isEnd: boolean): boolean | undefined {
  let end = from;
  while (end < text.length && !isWhitespace(text[end]) && end - from <= longestConjunction) end++;
  const word = text.slice(from, end);
  if (end < text.length || isEnd) return conjunctions.has(word);
  for (const conjunction of conjunctions) if (conjunction.startsWith(word)) return undefined;
  return false;
}

/** How sure a token that ends the buffer is to end a sentence: `likely` needs a second, longer silence. */
export function endsSentenceSoFar(context: BreakContext): "yes" | "likely" | "no" {
  const { token } = context;
  if (token.hasNewline) return "yes";
  const core = token.text.replace(closersAtEnd, "");
  const mark = core.at(-1) ?? "";
  if (!/[.!?…:;。！？]/.test(mark) || core.length < 2) return "no";
  const isFollowedBySpace = token.end > token.textEnd;
  if (endsWithDigit(core.slice(0, -1)) && !isFollowedBySpace) {
    if (mark === ".") return "likely";
    if (mark === ":") return "no";
  }
  return breakOfCore(core, "A", context) === "sentence" ? "yes" : "no";
}

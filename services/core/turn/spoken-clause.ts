import {
  ARTICLES,
  CLAUSE_OPENERS,
  isAuxiliary,
  isVerb,
  LATENT_OPENERS,
  PRONOUNS,
  WH_WORDS,
  isSubject,
  isNoun,
} from "./word-classes";

/** What the words leave open. "unsure": nothing known is missing, but a verb was not recognised either. */
export type Gap = "open" | "half-open" | "unsure" | "none";

export interface SpokenClause {
  /** In lower case, without punctuation, openings like "well" or "hello" left out. */
  words: readonly string[];
  isAsking: boolean;
  /** "answer": it began with "yes" or "no". */
  opening: "answer" | "none";
}

/** Begins a clause inside another one, or before it: "if it rains", "what you mean", "the man who called". */
export function isOpener(words: readonly string[], at: number): boolean {
  const word = words[at] ?? "";
  const next = words[at + 1] ?? "";
  if (word === "because" && next === "of") return false;
  if (CLAUSE_OPENERS.has(word)) return next !== "to";
  if (!LATENT_OPENERS.has(word) && !WH_WORDS.has(word)) return false;
  if (word === "than" || word === "like" || next === "to" || next === "") return false;
  if (word === "that")
    return at > 0 && (isSubject(next) || PRONOUNS.has(next) || ARTICLES.has(next) || isRelativeVerb(words, at));
  if (WH_WORDS.has(word)) return true;
  return isSubject(next) || PRONOUNS.has(next) || (word === "until" && ARTICLES.has(next));
}

function isRelativeVerb(words: readonly string[], at: number): boolean {
  const next = words[at + 1] ?? "";
  return isNoun(words[at - 1] ?? "") && (isAuxiliary(next) || isVerb(next));
}

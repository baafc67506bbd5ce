import type { SpokenClause } from "./spoken-clause";
import {
  ARTICLES,
  BE,
  CLAUSE_TAKING,
  GIVING,
  isAuxiliary,
  isFormOf,
  isNoun,
  isSubject,
  NEEDS_PREPOSITION,
  OBJECTS,
  PHRASAL,
  PRONOUNS,
} from "./word-classes";

/** Objects that stand for a whole group of words; after some verbs a clause or a particle follows them. */
const CLOSING_PRONOUNS = new Set(["it", "this", "that", "these", "those", "one", "you"]);

/**
 * A request or a question after which nothing can be missed: every place that its verb opens is filled, and a "please" has been
 * said where an order would want one. `clause`: no gap, and it asks for something.
 */
export function isWholeRequest({ words }: SpokenClause, { hasPlease }: { hasPlease: boolean }): boolean {
  const first = words[0] ?? "";
  const isQuestion = isAuxiliary(first);
  if (!isQuestion && !hasPlease) return false;
  const clause = words.filter((word) => word !== "please");
  if (words.at(-1) === "please" && clause.length >= 3) return true;
  if (isQuestion && BE.has(first)) return isWholeBeing(clause);
  return endsInObject(clause) || hasBothObjects(clause);
}

/** "Can you hear me", "please repeat that", but not "do you think it", "can you turn it". */
function endsInObject(clause: readonly string[]): boolean {
  const last = clause.at(-1) ?? "";
  const verb = clause.at(-2) ?? "";
  if (clause.length < 2 || ARTICLES.has(verb) || isAuxiliary(verb) || isSubject(verb) || PRONOUNS.has(verb))
    return false;
  const goesOn = isFormOf(verb, CLAUSE_TAKING) || isFormOf(verb, PHRASAL) || NEEDS_PREPOSITION.has(verb);
  return OBJECTS.has(last) || (CLOSING_PRONOUNS.has(last) && !goesOn);
}

/** "Tell me a story", "show us the way". */
function hasBothObjects(clause: readonly string[]): boolean {
  const giftAt = clause.findIndex((word, at) => isFormOf(word, GIVING) && OBJECTS.has(clause[at + 1] ?? ""));
  if (giftAt < 0) return false;
  const gift = clause.slice(giftAt + 2);
  return gift.length >= 2 && gift.length <= 4 && ARTICLES.has(gift[0] ?? "") && isNoun(gift.at(-1) ?? "");
}

/** "Are you a human being", but "is there a pharmacy". */
function isWholeBeing(clause: readonly string[]): boolean {
  const [, subject = "", article = ""] = clause;
  return subject !== "there" && (isSubject(subject) || PRONOUNS.has(subject)) && ARTICLES.has(article);
}

import {
  ADJECTIVES,
  ARTICLES,
  BE,
  CONJUNCTIONS,
  CONTRACTIONS,
  DETERMINERS,
  INDEFINITES,
  isAuxiliary,
  isVerb,
  MODALS,
  PARTICLES,
  PREPOSITIONS,
  WH_WORDS,
  isSubject,
  isRelativeHead,
  isNoun,
} from "./word-classes";
import { gapAtEnd } from "./clause-ends";
import { isOpener, type Gap, type SpokenClause } from "./spoken-clause";

/** In longer sentences a verb that was not recognised is likelier than one that is missing. */
const MAX_COUNTED_WORDS = 9;

/** What the clause still needs, by its last words first and by its verbs then. */
export function findGap(clause: SpokenClause): Gap {
  const byEnd = gapAtEnd(clause);
  if (byEnd !== "none") return byEnd;
  return clause.isAsking ? gapInQuestion(clause) : gapInStatement(clause);
}

/** Clauses inside the sentence, or before it; each needs a verb of its own. */
function countOpeners({ words, isAsking }: SpokenClause): number {
  const inner = words.filter((_, at) => isOpener(words, at) && !(at === 0 && isAsking && WH_WORDS.has(words[0] ?? "")));
  return inner.length + (startsWithRelative(words) ? 1 : 0);
}

/** "The man we met": a clause that no word opens. */
function startsWithRelative(words: readonly string[]): boolean {
  const first = words[0] ?? "";
  const at = words.findIndex((word, index) => index > 0 && isSubject(word));
  if (at < 1 || words.slice(0, at).some((word) => isVerb(word) || isAuxiliary(word))) return false;
  const isGroup = ARTICLES.has(first) || DETERMINERS.has(first) || INDEFINITES.has(first);
  return isGroup && isRelativeHead(words[at - 1] ?? "");
}

/** "Has been running" counts once. */
function countVerbGroups(words: readonly string[]): number {
  let count = 0;
  let isPending = false;
  for (const [at, word] of words.entries()) {
    const previous = words[at - 1] ?? "";
    if (
      isOpener(words, at) ||
      CONJUNCTIONS.has(word) ||
      ((isSubject(word) || INDEFINITES.has(word)) && !isAuxiliary(previous))
    )
      isPending = false;
    if (isAuxiliary(word) || (CONTRACTIONS.has(word) && word !== "let's")) {
      if (previous === "to") continue;
      if (!isPending) count += 1;
      isPending = true;
    } else if (isLikelyVerb(words, at)) {
      if (!isPending) count += 1;
      isPending = false;
    }
  }
  return count;
}

/** By its form and its neighbours: "it rings", but not "the rings", "to ring". */
function isLikelyVerb(words: readonly string[], at: number): boolean {
  const word = words[at] ?? "";
  const previous = words[at - 1] ?? "";
  if (previous === "to" || word.endsWith("ing")) return false;
  if (ARTICLES.has(previous) || PREPOSITIONS.has(previous)) return false;
  if (ADJECTIVES.has(previous) && !ARTICLES.has(words[at - 2] ?? "")) return false;
  if (isSubject(previous) && isNoun(word)) return true;
  return (
    isVerb(word) ||
    word.endsWith("ed") ||
    (isNoun(word) && /[^s]s$/u.test(word) && isNoun(previous) && !previous.endsWith("s"))
  );
}

/** "If it rains tomorrow", "the green one on the left": a verb is still to come. */
function gapInStatement(clause: SpokenClause): Gap {
  const { words } = clause;
  if (words.length > MAX_COUNTED_WORDS) return "none";
  const openers = countOpeners(clause);
  const verbs = countVerbGroups(words);
  if (openers > 0 && verbs < 1 + openers && words.length >= 3) return "half-open";
  const first = words[0] ?? "";
  const isGroup = ARTICLES.has(first) || DETERMINERS.has(first) || PREPOSITIONS.has(first) || PARTICLES.has(first);
  if (verbs === 0 && isGroup && words.length >= 4) return "half-open";
  if (verbs === 0 && /^(?:because|compared|during|before|after)$/u.test(first)) return "half-open";
  return verbs === 0 ? "unsure" : "none";
}

/** "What colour", "can the dog", "is the": verb or subject are still to come. */
function gapInQuestion(clause: SpokenClause): Gap {
  const { words } = clause;
  const first = words[0] ?? "";
  if (
    countVerbGroups(words) < 1 + countOpeners(clause) &&
    countOpeners(clause) > 0 &&
    words.length <= MAX_COUNTED_WORDS + 3
  )
    return "half-open";
  const isFronted = WH_WORDS.has(first);
  const auxiliaryAt = words.findIndex((word) => isAuxiliary(word) || /^(?:what|who|where|how|when)'s$/u.test(word));
  if (isFronted && auxiliaryAt < 0) {
    if (words.length === 1) return "none";
    if (/^(?:about|else|not|if|come)$/u.test(words[1] ?? "")) return "none";
    return words.some((word, at) => (isVerb(word) || word.endsWith("ed")) && isLikelyVerb(words, at))
      ? "none"
      : "half-open";
  }
  if (!isFronted && auxiliaryAt !== 0) return "none";
  const auxiliary = words[auxiliaryAt] ?? "";
  const rest = words.slice(auxiliaryAt + 1);
  if (MODALS.has(auxiliary)) return gapAfterModal(rest);
  if (isFronted && !BE.has(auxiliary)) return "none";
  const isBareSubject = rest.length === 1 || (rest.length === 2 && ARTICLES.has(rest[0] ?? ""));
  if (isBareSubject && (first === "why" || !isFronted)) return "half-open";
  return "none";
}

/** "Can you": a verb is still to come. `rest`: what stands after the modal. */
function gapAfterModal(rest: readonly string[]): Gap {
  if (rest.some((word, at) => at > 0 && (isVerb(word) || isAuxiliary(word)) && !ARTICLES.has(rest[at - 1] ?? "")))
    return "none";
  const isBareSubject =
    rest.length <= 1 || (rest.length === 2 && (ARTICLES.has(rest[0] ?? "") || DETERMINERS.has(rest[0] ?? "")));
  return isBareSubject ? "half-open" : "unsure";
}

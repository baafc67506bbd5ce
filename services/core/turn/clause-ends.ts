import { wordSet } from "../text/word-set";
import {
  ADJECTIVES,
  ARTICLES,
  BE,
  CLAUSE_OPENERS,
  CLAUSE_TAKING,
  CONJUNCTIONS,
  CONTRACTIONS,
  DEGREES,
  DETERMINERS,
  GAP_WH_WORDS,
  GIVING,
  HAVE,
  INDEFINITES,
  isAuxiliary,
  isFormOf,
  isVerb,
  MODALS,
  NEEDS_PREPOSITION,
  OBJECTS,
  PARTICLES,
  PHRASAL,
  PREPOSITIONS,
  PRONOUNS,
  SUBJECTS,
  TRANSITIVE,
  WH_WORDS,
  isSubject,
  isRelativeHead,
  isNoun,
} from "./word-classes";
import { isOpener, type Gap, type SpokenClause } from "./spoken-clause";

/** Prepositions that also stand for a clause that was said before: "I would like to". */
const LOOSE_PREPOSITIONS = new Set(["to", "like", "since", "as", "till", "until"]);

/** "I hope you": a clause follows. */
const HOPING = wordSet("hope think wish guess suppose wonder");

/** Go with a particle alone: "come in". */
const MOTION = wordSet(
  "come go get move hold log keep carry turn look stay fall fly run walk jump swim climb sit stand",
);

/** "Once more", "a bit less": nothing is compared. */
const BEFORE_MORE = wordSet("once any no some one even much bit little anything nothing something");

/** "Why not", "I hope not": answers by themselves. */
const BEFORE_NOT = wordSet("why hope course or probably maybe certainly better if guess");

/** What the last words still need: an object, a noun, a verb. */
export function gapAtEnd(clause: SpokenClause): Gap {
  const { words } = clause;
  const at = words.length - 1;
  const last = words[at] ?? "";
  const previous = words[at - 1] ?? "";
  if (last === "though") return "half-open";
  if (ARTICLES.has(last) || CONJUNCTIONS.has(last) || (CONTRACTIONS.has(last) && at > 0)) return "open";
  if (last === "her") return isVerb(previous) || PREPOSITIONS.has(previous) ? "unsure" : "open";
  if (PREPOSITIONS.has(last)) return gapAtPreposition(clause);
  if (PARTICLES.has(last)) return isParticle(clause) || isStranded(clause) ? "none" : "half-open";
  if (DEGREES.has(last)) return gapAtDegree(clause);
  if (isAuxiliary(last) && !isNounLikeAuxiliary(words)) return isAuxiliaryWhole(clause) ? "none" : "half-open";
  if (SUBJECTS.has(last) || last === "you") return gapAtSubject(clause);
  if (last === "no" && at > 0) return "half-open";
  const verbBefore = OBJECTS.has(previous) ? (words[at - 2] ?? "") : previous;
  if (last === "that" && (isFormOf(verbBefore, CLAUSE_TAKING) || (BE.has(previous) && !clause.isAsking)))
    return "half-open";
  // "What is this", "what is it": how the ears write "what is the …" cut short.
  const isLikeThe = /^th[aeio]/u.test(last) || (last === "it" && at === 2 && words[0] === "what");
  if (isLikeThe && clause.isAsking && BE.has(previous)) return "unsure";
  if (DETERMINERS.has(last) && last !== "all") {
    const isObject = isVerb(previous) || isAuxiliary(previous) || PREPOSITIONS.has(previous) || PARTICLES.has(previous);
    return last.startsWith("th") && (isObject || OBJECTS.has(previous) || at === 0) ? "none" : "half-open";
  }
  if (WH_WORDS.has(last) || CLAUSE_OPENERS.has(last)) return at <= 2 && clause.isAsking ? "none" : "half-open";
  if (last === "after" || last === "before")
    return words.some((word) => HAVE.has(word) || word === "never") ? "none" : "half-open";
  if (ADJECTIVES.has(last) && (ARTICLES.has(previous) || previous === "her")) return "half-open";
  return isVerbNeedy(clause) ? "half-open" : "none";
}

/** "In May", "a human being". */
function isNounLikeAuxiliary(words: readonly string[]): boolean {
  const [previous = "", last] = words.slice(-2);
  return (last === "may" && PARTICLES.has(previous)) || (last === "being" && !BE.has(previous));
}

/** Its object is to come, unless that stands before it: "what is it made of". */
function gapAtPreposition(clause: SpokenClause): Gap {
  if (isStranded(clause)) return "none";
  return LOOSE_PREPOSITIONS.has(clause.words.at(-1) ?? "") ? "half-open" : "open";
}

/** The object of the last word was fronted: "who did you go with". */
function isStranded({ words }: SpokenClause): boolean {
  const at = words.length - 1;
  const previous = words[at - 1] ?? "";
  if (!hasFrontedObject(words, at) && !words.slice(0, -1).includes("where")) return false;
  if (ARTICLES.has(words[at - 2] ?? "") && !isVerb(previous)) return words.slice(0, -1).some(isVerb);
  return !ARTICLES.has(previous);
}

/** Part of a verb, not a preposition: "turn it on", "come in". */
function isParticle({ words }: SpokenClause): boolean {
  const last = words.at(-1) ?? "";
  const previous = words.at(-2) ?? "";
  if (/^(?:under|about|across|by)$/u.test(last)) return false;
  if (OBJECTS.has(previous) || /^(?:it|that|this|you|these|those|one)$/u.test(previous)) return true;
  const isInner = /^(?:in|on|over|through)$/u.test(last);
  if (isFormOf(previous, MOTION)) return true;
  if (!isInner && (isVerb(previous) || BE.has(previous))) return true;
  return last !== "in" && last !== "through" && words.some((word) => isFormOf(word, PHRASAL));
}

/** "It is very", but "once more", "I think so". */
function gapAtDegree({ words, opening }: SpokenClause): Gap {
  const last = words.at(-1) ?? "";
  const previous = words.at(-2) ?? "";
  switch (last) {
    case "very":
      return "open";
    case "too":
      return "none";
    case "so":
      return isFormOf(previous, CLAUSE_TAKING) || OBJECTS.has(previous) ? "none" : "half-open";
    case "more":
    case "less":
      return BEFORE_MORE.has(previous) || isVerb(previous) ? "none" : "half-open";
    case "not":
      return opening === "answer" || BEFORE_NOT.has(previous) ? "none" : "half-open";
    case "really":
      return words.length === 1 || previous === "not" ? "none" : "half-open";
    default:
      return words.length === 1 ? "none" : "half-open";
  }
}

/** "Yes I can", "as fast as you can", "where the station is". */
function isAuxiliaryWhole({ words, isAsking, opening }: SpokenClause): boolean {
  const at = words.length - 1;
  if (opening === "answer" && at === 1) return true;
  if (words.slice(-4).some((word) => word === "than" || word === "as") && at > 3) return true;
  if (words.join(" ") === "i do") return true;
  const opener = words.findLastIndex((word) => WH_WORDS.has(word));
  if (opener < 0) return hasFrontedObject(words, at) && at > 2 && HAVE.has(words[at] ?? "");
  const between = words.slice(opener + 1, at);
  if (opener === 0 && !isAsking) return false;
  const isFirst = isAsking && !words.slice(0, at).some(isAuxiliary);
  return !isFirst && between.length > 0 && !between.every((word) => DEGREES.has(word) || isAuxiliary(word));
}

/** "… and then we", but "how are you", "so do I". */
function gapAtSubject({ words, isAsking }: SpokenClause): Gap {
  const previous = words.at(-2) ?? "";
  if (words.at(-1) === "you" && !isAuxiliary(previous) && !isOpener(words, words.length - 2)) {
    if (isFormOf(previous, HOPING)) return "half-open";
    const isGift = isFormOf(previous, GIVING) && !hasFrontedObject(words, words.length - 1);
    return isGift && isAsking ? "half-open" : "none";
  }
  if (words[0] === "so" || words[0] === "neither") return isAuxiliary(previous) ? "none" : "half-open";
  return isAsking && WH_WORDS.has(words[0] ?? "") && BE.has(previous) && words.length >= 3 ? "none" : "half-open";
}

/** A verb that takes an object, and has none: "can you find", but "what did you find". */
function isVerbNeedy({ words, isAsking }: SpokenClause): boolean {
  const at = words.length - 1;
  const last = words[at] ?? "";
  const previous = words[at - 1] ?? "";
  if (hasFrontedObject(words, at)) return /^(?:what|who)$/u.test(words[0] ?? "") && isFormOf(last, NEEDS_PREPOSITION);
  const isRequest = isAsking || isFormOf(words[0] ?? "", GIVING) || words[0] === "please";
  if (OBJECTS.has(last) && GIVING.has(previous) && isRequest) return previous !== "get" || isAsking;
  if (!isFormOf(last, TRANSITIVE)) return false;
  if (last.endsWith("ing")) return at > 0 && !PREPOSITIONS.has(previous);
  if (/(?:ed|en)$|^(?:found|made|told|said|sent|kept|built|held|taught|got)$/u.test(last) && BE.has(previous))
    return false;
  if (isSubject(previous) || PRONOUNS.has(previous) || MODALS.has(previous) || HAVE.has(previous)) return true;
  if (/^(?:to|please|not|and|used|never|always|usually|also|really|just)$/u.test(previous) || at === 0) return true;
  return OBJECTS.has(previous) || (isNoun(previous) && !TRANSITIVE.has(last) && !last.endsWith("s"));
}

/** Something before word `end` may be the object of what comes last: "what …", "nothing to …", "the book that he …". */
function hasFrontedObject(words: readonly string[], end: number): boolean {
  return words.slice(0, end).some((word, at) => {
    const next = words[at + 1] ?? "";
    if (GAP_WH_WORDS.has(word)) {
      const rest = words.slice(at + 1, end);
      return word.endsWith("'s") || rest.some((other) => isAuxiliary(other) || isSubject(other));
    }
    if (word === "to" && at > 0) {
      const before = words[at - 1] ?? "";
      return INDEFINITES.has(before) || (ADJECTIVES.has(before) && at < end) || GAP_WH_WORDS.has(before);
    }
    if (word === "that" && at > 0) return isNoun(words[at - 1] ?? "") && isSubject(next);
    return at > 0 && isSubject(word) && isRelativeHead(words[at - 1] ?? "");
  });
}

import { wordSet } from "../text/word-set";

export const ARTICLES = wordSet("a an the my your his its our their every another");
/** Stand before a noun, or for one. */
export const DETERMINERS = wordSet("this that these those some any all both each either neither enough most many her");
/** Subjects, and nothing else. */
export const SUBJECTS = wordSet("i we he she they");
/** Objects, and nothing else. */
export const OBJECTS = wordSet("me him us them myself yourself himself herself itself ourselves themselves");
/** Either, and a whole group of words by themselves. */
export const PRONOUNS = wordSet(
  "you it this that these those there one ones everybody everyone everything somebody someone something anybody anyone anything nobody nothing mine yours",
);
export const INDEFINITES = wordSet(
  "everything something anything nothing somebody someone anybody anyone nobody everybody everyone all",
);
export const BE = wordSet("am is are was were be been being isn't aren't wasn't weren't");
export const HAVE = wordSet("have has had haven't hasn't hadn't");
/** Need a verb after them. */
export const MODALS = wordSet(
  "do does did don't doesn't didn't can could will would shall should may might must can't cannot couldn't won't wouldn't shouldn't",
);
/** Subject and verb in one, and more to come. */
export const CONTRACTIONS = wordSet(
  "i'm you're we're they're he's she's i'd you'd we'd they'd i'll you'll we'll they'll he'll she'll it'll i've you've we've they've it's that's there's what's who's where's how's let's here's",
);
export const CONJUNCTIONS = wordSet("and or but nor because although though unless whether than");
/** Never stand at the end but where their object stands before them: "what is it made of". */
export const PREPOSITIONS = wordSet(
  "of from into onto without between among during per toward towards to for at with than as like until till since beside against past near",
);
/** Prepositions that are also parts of verbs: "turn it on". */
export const PARTICLES = wordSet("in on by about over under up down off out through around along away back across");
export const CLAUSE_OPENERS = wordSet("if when because although though while unless whenever whether wherever");
/** Open a clause only before a subject: "before you leave", but "before dinner". */
export const LATENT_OPENERS = wordSet(
  "after before until till since as once than that so where how why who what which like",
);
export const WH_WORDS = wordSet("what which who whom whose where when how why what's who's where's how's when's");
export const GAP_WH_WORDS = wordSet("what which who whom whose what's who's many much");
export const DEGREES = wordSet(
  "very quite rather pretty too so more most less really just even only also not never always usually",
);
/** Adjectives that stand before a noun; after an article alone they are not yet all. */
export const ADJECTIVES = wordSet(
  "big small old new good bad great long short strong weak young large huge nice next last first second third other whole only favourite favorite nearest closest hot cold wet dark bright loud quiet early late easy hard difficult different important possible high low deep heavy light warm cool fresh sweet sour funny strange beautiful lovely real red blue green yellow white black brown grey rich poor wonderful",
);
/** After these words a verb's object or clause is missing, as is after all their forms. */
export const TRANSITIVE = wordSet(
  "want need find take put give make bring buy send tell say get keep let use believe explain describe notice ask mean wish prefer seem become turn lock fix translate set add remind pick choose catch carry wear build cut include contain cost own show plan decide love hate hold name reach raise lift repair borrow lend hand throw order book invite teach hit hurt save waste spend miss collect mention recommend suggest expect avoid enjoy follow cancel create check try",
);
/** Two objects: "tell me". */
export const GIVING = wordSet("tell give ask show send bring teach lend hand remind let buy make get");
/** "I think that": what is thought comes next. */
export const CLAUSE_TAKING = wordSet(
  "think believe say know hope mean guess sure afraid glad feel see hear tell told wish wonder find sorry happy forget remember suppose",
);
/** Other verbs, so that clauses can be told from groups of words. */
const OTHER_VERBS = wordSet(
  "change visit have think know like look go come see hear work start begin end run live leave break sound ring stand sit grow fall lose win meet pay read sell sleep speak write taste smell play happen rain snow eat drink drive fly swim walk talk call help open close stop wait stay move learn remember forget hope feel understand guess wonder agree die cook clean wash paint sing dance laugh cry shout knit knock dream wake rest marry sign travel arrive return finish cover lie hide shine freeze melt burn boil bake rise count spell repeat roll flip drop pull push draw answer remain appear disappear belong matter jump climb ride sail fight listen watch study train park pass cross shake bite sting bark purr breathe smoke flicker suit fit last lead point spin rent share trust thank care join split hang feed guide plant water dial switch pause resume record translate apologise apologize search google describe",
);
/** Verbs that take a particle after their object: "turn the light on". */
export const PHRASAL = wordSet("turn switch put take pick bring set give shut close wake look call try throw write");
/** "What did you look": the preposition is still to come. */
export const NEEDS_PREPOSITION = wordSet("look wait listen talk belong laugh");
/** Past forms that are not made with "-ed", and what they are forms of. */
const IRREGULAR = new Map(
  "found:find took:take taken:take gave:give given:give made:make brought:bring bought:buy sent:send told:tell said:say got:get gotten:get kept:keep meant:mean became:become began:begin begun:begin caught:catch wore:wear built:build held:hold threw:throw taught:teach spent:spend chose:choose chosen:choose thought:think knew:know known:know went:go gone:go came:come saw:see seen:see heard:hear ran:run left:leave broke:break broken:break rang:ring stood:stand sat:sit grew:grow fell:fall lost:lose won:win met:meet paid:pay sold:sell slept:sleep spoke:speak wrote:write ate:eat drank:drink drove:drive flew:fly swam:swim forgot:forget felt:feel understood:understand sang:sing woke:wake dreamt:dream lay:lie hid:hide shone:shine froze:freeze rose:rise drew:draw shook:shake bit:bite rode:ride fought:fight led:lead hung:hang fed:feed lent:lend done:do"
    .split(" ")
    .map((pair): [string, string] => {
      const [form = "", base = ""] = pair.split(":");
      return [form, base];
    }),
);

/** Hours, days and seasons stand before a clause without belonging to it: "every morning she runs". */
export const TIMES = wordSet(
  "morning evening night afternoon day week weekend month year summer winter spring autumn today yesterday tomorrow tonight now monday tuesday wednesday thursday friday saturday sunday noon midnight moment",
);

/** What a word may be a form of: itself, and what is left without "-s", "-ed" or "-ing". */
function basesOf(word: string): string[] {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return [irregular];
  const ending = /(?:es|s|ed|ing)$/u.exec(word)?.[0];
  if (ending === undefined || word.length - ending.length < 2) return [word];
  const short = word.slice(0, -ending.length);
  const single = /(?<twin>[bdgklmnprt])\k<twin>$/u.test(short) ? [short.slice(0, -1)] : [];
  const withY = short.endsWith("i") ? [`${short.slice(0, -1)}y`] : [];
  return [word, short, `${short}e`, ...single, ...withY];
}

export function isFormOf(word: string, verbs: ReadonlySet<string>): boolean {
  return basesOf(word).some((base) => verbs.has(base));
}

export function isVerb(word: string): boolean {
  return isFormOf(word, TRANSITIVE) || isFormOf(word, OTHER_VERBS);
}

export function isAuxiliary(word: string): boolean {
  return BE.has(word) || HAVE.has(word) || MODALS.has(word);
}

export function isSubject(word: string): boolean {
  return SUBJECTS.has(word) || word === "you";
}

export function isRelativeHead(word: string): boolean {
  return INDEFINITES.has(word) || (isNoun(word) && !TIMES.has(word.replace(/s$/u, "")));
}

export function isNoun(word: string): boolean {
  return !(
    ARTICLES.has(word) ||
    DETERMINERS.has(word) ||
    isSubject(word) ||
    OBJECTS.has(word) ||
    PRONOUNS.has(word) ||
    isAuxiliary(word) ||
    CONTRACTIONS.has(word) ||
    CONJUNCTIONS.has(word) ||
    PREPOSITIONS.has(word) ||
    PARTICLES.has(word) ||
    CLAUSE_OPENERS.has(word) ||
    LATENT_OPENERS.has(word) ||
    WH_WORDS.has(word) ||
    DEGREES.has(word) ||
    ADJECTIVES.has(word) ||
    isVerb(word)
  );
}

import { pick, type SkillContext, type Utterance } from "./skill";

const common = new Set(
  "about above after again against almost alone along already also although always among another anything around away because become been before behind being between both bring called came cannot come could does doing done down each else ever every everything explain find first from gave getting give goes going good great have having heard help here high himself into just keep kind know known last least less like little long look made make many maybe mean might more most much must need never next nothing often once only other ourselves over perhaps please really right said same says should show since some somebody something sometimes soon still such take tell than that their them then there these they thing things think this those though through today together told tomorrow toward under until upon used very want wanted wants well went were what when where which while will wish with within without word words would write yesterday your yourself".split(
    " ",
  ),
);
const MIN_LETTERS = 4;
const MAX_LETTERS = 14;

/** The longest word that is not an everyday one: most likely what it was about. */
export function findTopic(plain: string): string | undefined {
  const words = plain
    .split(" ")
    .filter(
      (word) =>
        /^[\p{L}'-]+$/u.test(word) && word.length >= MIN_LETTERS && word.length <= MAX_LETTERS && !common.has(word),
    );
  return words.reduce<string | undefined>(
    (longest, word) => (word.length > (longest?.length ?? 0) ? word : longest),
    undefined,
  );
}

const withTopic: readonly [(topic: string) => string, ...((topic: string) => string)[]] = [
  (topic) => `I heard the word ${topic}, but no language model is connected, so I have nothing clever to say about it.`,
  (topic) => `About ${topic} I know nothing: I am only the built-in responder, without a language model.`,
  (topic) =>
    `${topic.charAt(0).toUpperCase()}${topic.slice(1)}, that sounds interesting. I would need a language model to talk about it, and none is connected.`,
  (topic) => `For a question about ${topic} you need a language model, and I have none yet.`,
];
const withoutTopic: readonly [string, ...string[]] = [
  "I heard you, but no language model is connected, so I cannot answer that.",
  "That is beyond my built-in answers, since I have no language model.",
  "I would need a language model for that, and none is connected.",
];
const howTo: readonly [string, ...string[]] = [
  "Start Ollama or LM Studio on this computer, then start me again, and I will use it.",
  "You can name the address of one in the settings.",
  "Ask me how to connect a language model, and I will tell you.",
  "Until then I can do sums, tell the time, or spell a word.",
  "Ask me what I can do without one.",
];

/** The honest answer to everything that is no built-in skill. */
export function sayFallback(said: Utterance, context: SkillContext): string {
  const topic = findTopic(said.plain);
  const honest =
    topic === undefined ? pick(withoutTopic, context) : pick(withTopic, context, (words) => words(topic))(topic);
  return `${honest} ${pick(howTo, context)}`;
}

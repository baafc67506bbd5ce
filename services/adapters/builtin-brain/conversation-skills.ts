import type { BrainMessage } from "#core/ports/brain";
import { capitalise, pick, type Skill } from "./skill";

const notNames = new Set(
  "not so very just fine good well okay ok sure happy sad tired here there back sorry going doing looking trying talking afraid glad hungry thirsty busy ready done bored sick ill lost a an the in on at from your you me it he she that this what who and or called great alright right wrong new old cold hot late early home alone still really also only curious interested confused".split(
    " ",
  ),
);

/** The latest name by which the user introduced himself or herself. */
export function findUserName(messages: readonly BrainMessage[]): string | undefined {
  for (const message of messages.toReversed()) {
    if (message.role !== "user") continue;
    const sure = /\b(?:my name is|my name's|call me|name is actually)\s+(?<name>[\p{L}][\p{L}'-]*)/iu.exec(message.text)
      ?.groups?.name;
    // "I am" needs a capital letter, since it begins many other sentences.
    const likely =
      /(?:^|[.,!?] )(?:(?:hi|hello|hey)[,.!]? )?(?:I am|I'm|I’m|This is) (?<name>\p{Lu}[\p{L}'-]+)[.!,]?(?:$| )/u.exec(
        message.text,
      )?.groups?.name;
    const name = sure ?? likely;
    if (name !== undefined && !notNames.has(name.toLowerCase()))
      return capitalise(name.toLowerCase() === name ? name : name.toLowerCase()).replace(/[-'](\p{L})/gu, (joined) =>
        joined.toUpperCase(),
      );
  }
  return undefined;
}

export const nameSkill: Skill = (said, context) => {
  const given = findUserName([{ role: "user", text: said.raw }]);
  const { userName } = context;
  if (given !== undefined)
    return pick(
      [
        `Nice to meet you, ${given}.`,
        `Hello ${given}, it is good to know your name.`,
        `${given}, what a nice name. I will remember it while we talk.`,
      ],
      context,
    );
  if (/\b(?:what is|what was|do you (?:know|remember)|say|tell me|remember) my name\b|^who am i$/.test(said.plain)) {
    return userName === undefined
      ? "You have not told me your name yet."
      : pick([`Your name is ${userName}.`, `You are ${userName}, you told me so.`], context);
  }
  return undefined;
};

function lastOf(past: readonly BrainMessage[], role: BrainMessage["role"]): string | undefined {
  return past.findLast((message) => message.role === role && message.text.trim() !== "")?.text.trim();
}

/** What was said before: by the agent ("say that again"), or by the user ("what did I say?"). */
export const memorySkill: Skill = ({ plain }, { past }) => {
  if (
    /^(?:what did i (?:just )?(?:say|ask|tell you)|what was my (?:last )?question|what i (?:just )?said)\b/.test(plain)
  ) {
    const words = lastOf(past, "user");
    return words === undefined
      ? "You have not said anything before that."
      : `You said: ${/[.!?]$/.test(words) ? words : `${words}.`}`;
  }
  const isAgain =
    /^(?:(?:say|repeat|tell me) (?:that|it|this|what you (?:just )?said|the last (?:thing|sentence|answer))(?: once more| again)?|repeat|again|once more|one more time|pardon(?: me)?|sorry what|come again|say again|what did you (?:just )?say|what was that|i did not (?:hear|catch|get|understand) (?:you|that|it)|what)$/;
  if (!isAgain.test(plain)) return undefined;
  return lastOf(past, "agent") ?? "I have not said anything yet.";
};

export const stopSkill: Skill = ({ plain }, context) =>
  /^(?:stop(?: it| that| talking| now| please)?|never ?mind|forget (?:it|that|about it)|cancel(?: that)?|quiet|be quiet|shut up|hush|wait(?: a (?:minute|moment|second|sec))?|hold on(?: a (?:minute|moment|second|sec))?|enough|that is enough|pause|no stop|stop stop)$/.test(
    plain,
  )
    ? pick(["Okay.", "All right.", "Sure, I will stop.", "Fine, I am listening."], context)
    : undefined;

export const chanceSkill: Skill = ({ plain }, context) => {
  if (/\b(?:flip|toss)\b.*\bcoin\b|^heads or tails$/.test(plain))
    return `It is ${context.random() < 0.5 ? "heads" : "tails"}.`;
  if (/\broll\b.*\b(?:die|dice)\b/.test(plain))
    return `It is a ${["one", "two", "three", "four", "five", "six"][Math.floor(context.random() * 6)] ?? "six"}.`;
  return undefined;
};

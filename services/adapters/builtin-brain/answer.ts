import type { BrainMessage } from "#core/ports/brain";
import { aboutSkill } from "./about-skills";
import { arithmeticSkill } from "./arithmetic";
import { chanceSkill, findUserName, memorySkill, nameSkill, stopSkill } from "./conversation-skills";
import { sayFallback } from "./fallback";
import { createSeededRandom } from "#core/random/seeded-random";
import { smallTalkSkill } from "./small-talk";
import { toUtterance, type Skill } from "./skill";
import { storySkill } from "./stories";
import { dateSkill, timeSkill } from "./time-and-date";
import { countingSkill, repeatSkill, spellingSkill } from "./word-skills";

export interface AnswerOptions {
  seed: number;
  wallTime: Date;
}

/** The first that answers wins, so the narrow ones come before the wide ones. */
const skills: readonly Skill[] = [
  memorySkill,
  stopSkill,
  repeatSkill,
  spellingSkill,
  countingSkill,
  nameSkill,
  arithmeticSkill,
  timeSkill,
  dateSkill,
  storySkill,
  chanceSkill,
  aboutSkill,
  smallTalkSkill,
];

const asksToGoOn =
  /^(?:go on|continue|carry on|keep going|keep on|go ahead|proceed|resume|what (?:happened|comes|came) (?:next|then|after that)|and then(?: what)?|then what|then|what next|finish (?:it|that|the story|your (?:story|sentence|answer))|(?:you were saying|what were you saying)|more|tell me more|and|please go on|yes go on|go on go on)$/;

/**
 * The built-in responder's words for the last message of the history: one or two sentences for the ear, without
 * digits, Markdown or abbreviations. The same history, wall time and seed give the same words.
 */
export function answer(history: readonly BrainMessage[], options: AnswerOptions): string {
  const last = history.at(-1);
  if (last?.role !== "user") return "I am listening.";
  const past = history.slice(0, -1);
  const said = toUtterance(last.text);
  if (said.plain === "") return "I did not hear any words. Please say it again.";
  if (asksToGoOn.test(said.plain)) {
    const rest = restOfCutAnswer(past);
    return rest ?? "There is nothing more that I wanted to say. Ask me something else.";
  }
  const previousAnswer = past.findLast((message) => message.role === "agent")?.text ?? "";
  const context = {
    past,
    wallTime: options.wallTime,
    random: createSeededRandom(options.seed, `${said.plain}\n${previousAnswer}`),
    userName: findUserName(past),
  };
  for (const skill of skills) {
    const words = skill(said, context);
    if (words !== undefined) return words;
  }
  return sayFallback(said, context);
}

/** What the user did not hear of the latest answer that was cut off; undefined when there is none, or when it was given later. */
function restOfCutAnswer(past: readonly BrainMessage[]): string | undefined {
  const cutIndex = past.findLastIndex((message) => message.role === "agent" && message.isCutOff === true);
  const cut = past[cutIndex];
  if (cut?.unheardText === undefined || wasFinished(past.slice(cutIndex + 1))) return undefined;
  const rest = cut.unheardText.replace(/^[\s,;:.!?-]+/, "").trim();
  return rest === "" ? "That was all I wanted to say." : rest;
}

function wasFinished(since: readonly BrainMessage[]): boolean {
  return since.some((message, at) => {
    const isRequest = message.role === "user" && asksToGoOn.test(toUtterance(message.text).plain);
    return isRequest && since[at + 1]?.role === "agent";
  });
}

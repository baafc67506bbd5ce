import type { Random } from "#core/ports/ids";
import { pickOne, shuffle } from "./choose";
import { NOISES, type NoiseName } from "./noises";
import type { SoundMaker, Speaker } from "./sound-maker";
import { BACKCHANNELS, INTERRUPTIONS, PAUSED_QUESTIONS, QUESTIONS, SIDE_TALK, STORY_PROMPTS } from "./texts";
import type { OverlapMoment, OverlapPlace, ScriptStep, UserSound } from "./user-sound";

/** Who tunes looks at the one, who reports looks at the other. */
export const HALVES = ["tuning", "held-out"] as const;
export type Half = (typeof HALVES)[number];

export interface ComposeDeps {
  maker: SoundMaker;
  random: Random;
  half: Half;
}

/** Of 10 interruptions, by place. */
const PLACES: readonly OverlapPlace[] = [
  ...Array<OverlapPlace>(5).fill("mid-word"),
  ...Array<OverlapPlace>(2).fill("clause-gap"),
  ...Array<OverlapPlace>(2).fill("onset"),
  "last-word",
];
/** Answers in one sentence to these, so that there is a last word soon. */
const SHORT_PROMPTS = ["What is your name?", "What can you do?", "Where are you?"] as const;

export function itemsOf<T>(items: readonly T[], half: Half): T[] {
  return items.filter((_, index) => index % 2 === HALVES.indexOf(half));
}

/** Turns of one user, each answered before the next; two of three with a pause in the middle. */
export async function composeQuestions(deps: ComposeDeps, count: number): Promise<ScriptStep[]> {
  const speaker = deps.maker.pickSpeaker();
  const paused = Object.entries(PAUSED_QUESTIONS).flatMap(([detail, texts]) =>
    itemsOf<string>(texts, deps.half).map((text) => ({ detail, text })),
  );
  const whole = Object.entries(QUESTIONS).flatMap(([detail, texts]) =>
    itemsOf<string>(texts, deps.half).map((text) => ({ detail, text })),
  );
  const [pausedOrder, wholeOrder] = [shuffle(paused, deps.random), shuffle(whole, deps.random)];
  const sayings = Array.from({ length: count }, (_, index) => {
    const order = index % 3 === 0 ? wholeOrder : pausedOrder;
    return order[index % order.length] ?? pickOne(whole, deps.random);
  });
  return Promise.all(
    sayings.map(async (saying): Promise<ScriptStep> => ({
      type: "ask",
      sound: await deps.maker.say(speaker, { kind: "question", ...saying }),
    })),
  );
}

/** Turns without a pause, for what is measured in real time. */
export async function composeShortQuestions(deps: ComposeDeps, count: number): Promise<ScriptStep[]> {
  const speaker = deps.maker.pickSpeaker();
  const order = shuffle(
    Object.entries(QUESTIONS).flatMap(([detail, texts]) =>
      itemsOf<string>(texts, deps.half).map((text) => ({ detail, text })),
    ),
    deps.random,
  );
  const steps: ScriptStep[] = [];
  for (let index = 0; index < count; index++) {
    const saying = order[index % order.length] ?? pickOne(order, deps.random);
    steps.push({ type: "ask", sound: await deps.maker.say(speaker, { kind: "question", ...saying }) });
  }
  return steps;
}

/** While the agent tells a story: sounds that ask for nothing, then an interruption. */
export async function composeStory(deps: ComposeDeps, ignorableCount: number): Promise<ScriptStep[]> {
  const { random } = deps;
  const speaker = deps.maker.pickSpeaker();
  const steps: ScriptStep[] = [];
  for (let index = 0; index < ignorableCount; index++) {
    const sound = await ignorable(deps, speaker);
    const place = random() < 0.75 ? "mid-word" : "clause-gap";
    steps.push(await overlap(deps, speaker, { sound, moment: { place, afterMs: 1_300 + 2_000 * random() } }));
  }
  return [...steps, await interruption(deps, speaker)];
}

/** Interruptions one after the other, each of a turn of its own. */
export async function composeInterruptions(deps: ComposeDeps, count: number): Promise<ScriptStep[]> {
  const speaker = deps.maker.pickSpeaker();
  const steps: ScriptStep[] = [];
  for (let index = 0; index < count; index++) steps.push(await interruption(deps, speaker));
  return steps;
}

/** Sounds that ask for nothing while the agent is silent. */
export async function composeAsides(deps: ComposeDeps, count: number): Promise<ScriptStep[]> {
  const speaker = deps.maker.pickSpeaker();
  const steps: ScriptStep[] = [];
  for (let index = 0; index < count; index++)
    steps.push({ type: "aside", sound: index % 2 === 0 ? noise(deps, speaker) : await sideTalk(deps, speaker) });
  return steps;
}

/** Long listening, then an interruption, so often. */
export async function composeListening(
  deps: ComposeDeps,
  { count, listenMs }: { count: number; listenMs: number },
): Promise<ScriptStep[]> {
  const speaker = deps.maker.pickSpeaker();
  const steps: ScriptStep[] = [];
  for (let index = 0; index < count; index++) {
    steps.push({ type: "listen", prompt: await storyPrompt(deps, speaker), forMs: listenMs });
    steps.push(await interruption(deps, speaker));
  }
  return steps;
}

async function interruption(deps: ComposeDeps, speaker: Speaker): Promise<ScriptStep> {
  const { random, half, maker } = deps;
  const place = pickOne(PLACES, random);
  const detail = pickOne(["stop word", "question", "correction"] as const, random);
  const sound = await maker.say(speaker, {
    kind: "interruption",
    detail,
    text: pickOne(itemsOf<string>(INTERRUPTIONS[detail], half), random),
  });
  const afterMs = {
    "onset": 100 * random(),
    "last-word": 0,
    "mid-word": 800 + 3_000 * random(),
    "clause-gap": 800 + 2_000 * random(),
  }[place];
  return overlap(deps, speaker, { sound, moment: { place, afterMs } });
}

async function overlap(
  deps: ComposeDeps,
  speaker: Speaker,
  what: { sound: UserSound; moment: OverlapMoment },
): Promise<ScriptStep> {
  const prompt =
    what.moment.place === "last-word"
      ? await deps.maker.say(speaker, { kind: "question", detail: "prompt", text: pickOne(SHORT_PROMPTS, deps.random) })
      : await storyPrompt(deps, speaker);
  const insistence = await deps.maker.say(speaker, {
    kind: "insistence",
    detail: "stop word",
    text: "Stop. Please stop talking.",
  });
  return { type: "overlap", ...what, prompt, insistence };
}

function storyPrompt({ maker, random }: ComposeDeps, speaker: Speaker): Promise<UserSound> {
  return maker.say(speaker, { kind: "question", detail: "prompt", text: pickOne(STORY_PROMPTS, random) });
}

/** Backchannels and noises as often as each other, side talk half as often. */
async function ignorable(deps: ComposeDeps, speaker: Speaker): Promise<UserSound> {
  const share = deps.random();
  if (share < 0.4) return backchannel(deps, speaker);
  return share < 0.8 ? noise(deps, speaker) : sideTalk(deps, speaker);
}

async function backchannel({ maker, random, half }: ComposeDeps, speaker: Speaker): Promise<UserSound> {
  const share = random();
  if (share < 0.2) return maker.hum(speaker, "mm-hm");
  if (share < 0.3) return maker.hum(speaker, "laugh");
  const text = pickOne(itemsOf<string>(BACKCHANNELS, half), random);
  return maker.say(speaker, { kind: "backchannel", detail: "words", text });
}

function noise({ maker, random }: ComposeDeps, speaker: Speaker): UserSound {
  return maker.noise(speaker, pickOne(Object.keys(NOISES) as NoiseName[], random));
}

function sideTalk({ maker, random, half }: ComposeDeps, speaker: Speaker): Promise<UserSound> {
  return maker.sideTalk(speaker, pickOne(itemsOf<string>(SIDE_TALK, half), random));
}

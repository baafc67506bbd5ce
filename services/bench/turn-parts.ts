import type { PlayDeps, Script } from "#score/play-script";
import { playScript } from "#score/play-script";
import { addTallies, EMPTY_TALLY, tallyConversation, type Tally } from "#score/measure/tally";
import type { RoomName } from "#score/room/room";
import {
  composeAsides,
  composeInterruptions,
  composeListening,
  composeQuestions,
  composeStory,
  type ComposeDeps,
  type Half,
} from "#score/user/compose-script";
import type { ScriptStep } from "#score/user/user-sound";

interface Part {
  room: RoomName;
  /** Conversations, each with a user of its own. */
  count: number;
  compose(deps: ComposeDeps): Promise<ScriptStep[]>;
  /** Of one conversation. */
  maxMs: number;
}

const MINUTE_MS = 60_000;
/** Of 60 min on loudspeakers, in two parts of equal length. */
const loudspeakers: Part = {
  room: "loudspeaker",
  count: 6,
  compose: (deps) => composeListening(deps, { count: 6, listenMs: 42_000 }),
  maxMs: 5 * MINUTE_MS,
};

/** Of 28 stories, in two parts, too. */
const stories: Part = {
  room: "headphones",
  count: 14,
  compose: (deps) => composeStory(deps, 5),
  maxMs: 3 * MINUTE_MS,
};

/** What is played on a virtual clock; each part may run in a process of its own. The longest come first. */
export const TURN_PARTS = {
  "loudspeakers 1": loudspeakers,
  "loudspeakers 2": loudspeakers,
  "stories 1": stories,
  "stories 2": stories,
  "pauses": {
    room: "headphones",
    count: 8,
    compose: async (deps) => [...(await composeQuestions(deps, 9)), ...(await composeAsides(deps, 4))],
    maxMs: 4 * MINUTE_MS,
  },
  "interruptions": {
    room: "headphones",
    count: 8,
    compose: (deps) => composeInterruptions(deps, 5),
    maxMs: 3 * MINUTE_MS,
  },
} as const satisfies Record<string, Part>;
export type TurnPartName = keyof typeof TURN_PARTS;

const SEED = 1;

export async function playPart(
  deps: PlayDeps & { progress(line: string): void },
  { name, half }: { name: TurnPartName; half: Half },
): Promise<Tally> {
  const part: Part = TURN_PARTS[name];
  let tally = EMPTY_TALLY;
  for (let index = 1; index <= part.count; index++) {
    const script: Script = { ...part, name: `${name} ${index}`, seed: SEED, half };
    const own = tallyConversation(await playScript(deps, script));
    deps.progress(`${script.name} of ${part.count}: ${Math.round(own.durationMs / 1000)} s played`);
    tally = addTallies(tally, own);
  }
  return tally;
}

import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { systemClock } from "#adapters/system/system-clock";
import { formatMeasures } from "#score/figures/table";
import { echoRows, heardTextRows, overlapRows, turnRows } from "#score/measure/panel";
import {
  addTallies,
  describeOutcome,
  EMPTY_TALLY,
  judgedEvents,
  tallyConversation,
  type Tally,
} from "#score/measure/tally";
import { summariseWaterfalls } from "#score/measure/waterfall";
import { playScript, type PlayDeps } from "#score/play-script";
import type { RoomName } from "#score/room/room";
import { composeAsides, composeQuestions, composeStory, type ComposeDeps, type Half } from "#score/user/compose-script";
import type { ScriptStep } from "#score/user/user-sound";
import { print, printJson } from "./cli-output";
import { withOwnHost } from "./own-host";
import { createRealTimeRunner } from "./real-time-runner";
import { keepConversation } from "./score-folder";
import { createUserVoices } from "./user-voices";

export interface ScoreCommandOptions {
  minutes: number;
  room: RoomName;
  half: Half;
  seed: number;
  out?: string;
  json?: boolean;
}

const QUESTIONS_PER_SCRIPT = 8;
const ASIDES_PER_SCRIPT = 2;
const IGNORABLES_PER_STORY = 5;

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Plays a scripted user against a Parley of its own, in real time, and says how well it takes turns. */
export async function commandScore(options: ScoreCommandOptions): Promise<void> {
  const workFolder = await mkdtemp(path.join(os.tmpdir(), "parley-score-"));
  const log = createPinoLogger({ level: "error", service: "score" });
  const speech = await createUserVoices(log);
  try {
    const resamplers = await createSpeexResamplerFactory();
    const tally = await withOwnHost({ progress, log, workFolder }, ({ url }) =>
      play(options, { speech, resamplers, runner: createRealTimeRunner({ url, token: undefined }) }),
    );
    const measures = {
      ...turnRows(tally),
      ...overlapRows(tally),
      ...heardTextRows(tally),
      ...summariseWaterfalls(tally.waterfalls),
      ...(options.room === "loudspeaker" ? echoRows(tally) : {}),
    };
    if (options.json === true) printJson({ room: options.room, half: options.half, seed: options.seed, measures });
    else for (const line of formatMeasures(measures)) print(line);
  } finally {
    await speech.close();
    await rm(workFolder, { recursive: true, force: true });
  }
}

/** Questions and stories in turns until the time is over. */
async function play({ minutes, room, half, seed, out }: ScoreCommandOptions, deps: PlayDeps): Promise<Tally> {
  const endAtMs = systemClock.nowMs() + minutes * 60_000;
  let tally = EMPTY_TALLY;
  for (let index = 0; systemClock.nowMs() < endAtMs; index++) {
    const name = String(index).padStart(3, "0");
    const conversation = await playScript(deps, {
      name,
      seed,
      half,
      room,
      compose: (compose) => (index % 2 === 0 ? composeTurns(compose) : composeStory(compose, IGNORABLES_PER_STORY)),
      maxMs: endAtMs - systemClock.nowMs(),
    });
    const own = tallyConversation(conversation);
    for (const judged of judgedEvents(own)) {
      const { kind, detail, text } = judged.event;
      progress(`  ${kind} (${detail})${text === "" ? "" : ` "${text}"`}: ${describeOutcome(judged)}`);
    }
    if (out !== undefined) await keepConversation(out, name, { conversation, judged: judgedEvents(own) });
    tally = addTallies(tally, own);
  }
  return tally;
}

async function composeTurns(deps: ComposeDeps): Promise<ScriptStep[]> {
  return [...(await composeQuestions(deps, QUESTIONS_PER_SCRIPT)), ...(await composeAsides(deps, ASIDES_PER_SCRIPT))];
}

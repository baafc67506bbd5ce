import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import type { Logger } from "#core/ports/logger";
import { formatMeasures } from "#score/figures/table";
import { echoRows, heardTextRows, overlapRows, turnRows, unscoredRows, type Rows } from "#score/measure/panel";
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
import { openSimulationEngines } from "#sim/simulation-engines";
import { print, printJson } from "./cli-output";
import { loadBuiltinConfig } from "./own-host";
import { withOwnParley } from "./own-parley";
import { keepConversation } from "./score-folder";
import { createUserVoices } from "./user-voices";
import { createVirtualRunner } from "./virtual-runner";

export interface ScoreCommandOptions {
  minutes: number;
  room: RoomName;
  half: Half;
  seed: number;
  virtual?: boolean;
  out?: string;
  json?: boolean;
}

const QUESTIONS_PER_SCRIPT = 8;
const ASIDES_PER_SCRIPT = 2;
const IGNORABLES_PER_STORY = 5;

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Plays a scripted user against a Parley of its own and says how well it takes turns. */
export async function commandScore(options: ScoreCommandOptions): Promise<void> {
  const log = createPinoLogger({ level: "error", service: "score" });
  const withDeps = options.virtual === true ? withVirtualParley : withRealParley;
  const tally = await withDeps(log, (deps) => play(options, deps));
  const measures: Rows = {
    ...turnRows(tally),
    ...overlapRows(tally),
    ...heardTextRows(tally),
    ...unscoredRows(tally),
    ...(options.room === "headphones" ? {} : echoRows(tally)),
    ...summariseWaterfalls(tally.waterfalls),
  };
  const { room, half, seed } = options;
  if (options.json === true) return printJson({ room, half, seed, minutes: tally.durationMs / 60_000, measures });
  for (const line of formatMeasures(measures)) print(line);
  print("");
  print(describeVerdict(measures));
}

async function withRealParley<T>(log: Logger, use: (deps: PlayDeps) => Promise<T>): Promise<T> {
  const workFolder = await mkdtemp(path.join(os.tmpdir(), "parley-score-"));
  try {
    return await withOwnParley({ progress, log, workFolder }, use);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

async function withVirtualParley<T>(log: Logger, use: (deps: PlayDeps) => Promise<T>): Promise<T> {
  const engines = await openSimulationEngines({ log });
  try {
    const { resamplers, voice: engine, normalizer } = engines;
    const runner = createVirtualRunner(engines, await loadBuiltinConfig());
    return await use({ speech: createUserVoices({ engine, normalizer }), resamplers, runner });
  } finally {
    await engines.close();
  }
}

/** Questions and stories in turns until the time is over. */
async function play({ minutes, room, half, seed, out }: ScoreCommandOptions, deps: PlayDeps): Promise<Tally> {
  let tally = EMPTY_TALLY;
  for (let index = 0; tally.durationMs < minutes * 60_000; index++) {
    const name = String(index).padStart(3, "0");
    const conversation = await playScript(deps, {
      name,
      seed,
      half,
      room,
      compose: (compose) => (index % 2 === 0 ? composeTurns(compose) : composeStory(compose, IGNORABLES_PER_STORY)),
      maxMs: minutes * 60_000 - tally.durationMs,
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

function describeVerdict(measures: Rows): string {
  const judged = Object.entries(measures).filter(([, { holds }]) => holds !== undefined);
  const missed = judged.filter(([, { holds }]) => holds === false).map(([name]) => name);
  if (missed.length === 0) return `All ${judged.length} goals that could be judged are reached.`;
  return [
    `${judged.length - missed.length} of ${judged.length} goals are reached. Missed:`,
    ...missed.map((name) => `- ${name}`),
  ].join("\n");
}

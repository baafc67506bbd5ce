import { createPinoLogger } from "#adapters/logging/pino-logger";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { TalkEvent } from "#contracts/events/talk-event";
import { formatTable } from "#score/figures/table";
import { changeConfig, type SettingChange } from "#sim/replay/change-config";
import {
  isBuiltinBrain,
  judge,
  replayRecording,
  type JudgedConversation,
  type Recording,
} from "#sim/replay/replay-recording";
import { openSimulationEngines } from "#sim/simulation-engines";
import { print, printJson } from "./cli-output";
import { parseSetting } from "./config-options";
import { readRecording } from "./read-recording";

export interface ReplayCommandOptions {
  /** `key=value`, for instance `turn.endpointDelayMs=300`. */
  set: readonly string[];
  tailMs: number;
  json?: boolean;
}

interface Replay {
  recorded: JudgedConversation;
  /** With the recorded settings. */
  replayed: JudgedConversation;
  changed: JudgedConversation | undefined;
}

/** Runs a recorded microphone through today's turn-taking and prints what changed. */
export async function commandReplay(folder: string, options: ReplayCommandOptions): Promise<void> {
  const changes = options.set.map(parseSetting);
  // What was typed wrong is told before anything is read.
  changeConfig(OrchestratorConfig.parse({}), changes);
  const recording = await readRecording(folder);
  const config = OrchestratorConfig.parse(recording.session.config);
  const changedConfig = changes.length === 0 ? undefined : changeConfig(config, changes);
  const engines = await openSimulationEngines({ log: createPinoLogger({ level: "error", service: "replay" }) });
  try {
    const run = (of: OrchestratorConfig): Promise<TalkEvent[]> =>
      replayRecording(engines, recording, { config: of, tailMs: options.tailMs });
    const replay: Replay = {
      recorded: judge(recording.events),
      replayed: judge(await run(config)),
      changed: changedConfig && judge(await run(changedConfig)),
    };
    report(folder, { recording, replay, changes, isJson: options.json === true });
  } finally {
    await engines.close();
  }
}

interface Report {
  recording: Recording;
  replay: Replay;
  changes: readonly SettingChange[];
  isJson: boolean;
}

function report(folder: string, { recording, replay, changes, isJson }: Report): void {
  const notices = noticesOf(recording, replay);
  if (isJson) {
    const { startedAt, recordedBy, voice, brainLabel } = recording.session;
    return printJson({
      recording: { folder, startedAt, recordedBy, voice, brainLabel },
      settings: Object.fromEntries(changes.map(({ key, value }) => [key, value])),
      ...replay,
      notices,
    });
  }
  for (const line of formatTable(rowsOf(replay))) print(line);
  const lines = changedTurns(replay);
  if (lines.length > 0) print("");
  for (const line of [...lines, ...notices]) print(line);
}

const ROWS = {
  userTurnCount: "turns of the user",
  agentTurnCount: "turns of the agent",
  cutOffCount: "user cut off",
  interruptionCount: "agent interrupted",
  falseStopCount: "of these false stops",
  talkedThroughCount: "talked through",
  withdrawnAnswerCount: "answers withdrawn before they were heard",
  errorCount: "errors",
  firstAudioLatencyP50Ms: "first-audio latency p50, ms",
  firstAudioLatencyP95Ms: "first-audio latency p95, ms",
} as const satisfies Record<keyof JudgedConversation["figures"], string>;

function rowsOf({ recorded, replayed, changed }: Replay): string[][] {
  const columns = [recorded, replayed, ...(changed === undefined ? [] : [changed])];
  const names = Object.entries(ROWS) as [keyof typeof ROWS, string][];
  return [
    ["", "RECORDED", "REPLAYED", ...(changed === undefined ? [] : ["CHANGED"])],
    ...names.map(([name, words]) => [
      words,
      ...columns.map(({ figures }) => {
        const value = figures[name];
        return value === undefined ? "-" : String(Math.round(value));
      }),
    ]),
  ];
}

/** Turns that went another way, told apart by what they answered. */
function changedTurns({ recorded, replayed, changed }: Replay): string[] {
  const [before, after] = changed === undefined ? [recorded, replayed] : [replayed, changed];
  const tell = ({ turns }: JudgedConversation, index: number): string => {
    const turn = turns[index];
    return turn === undefined ? "no turn" : `"${turn.userText}" ${turn.reason}`;
  };
  const count = Math.max(before.turns.length, after.turns.length);
  return Array.from({ length: count }, (_, index) => index)
    .filter((index) => tell(before, index) !== tell(after, index))
    .map((index) => `turn ${index + 1}: ${tell(before, index)} -> ${tell(after, index)}`);
}

function noticesOf({ session }: Recording, { recorded, replayed }: Replay): string[] {
  const differing = recorded.turns.filter(
    (turn, index) => turn.reason === "completed" && turn.agentText !== replayed.turns[index]?.agentText,
  ).length;
  return [
    ...(isBuiltinBrain(session) ? [] : [`"${session.brainLabel}" is not asked again: its recorded answers are given.`]),
    ...(differing === 0
      ? []
      : [`The agent's words differ from the recorded ones in ${differing} of ${recorded.turns.length} turns.`]),
  ];
}

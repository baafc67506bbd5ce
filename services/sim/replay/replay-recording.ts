import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { TalkEvent } from "#contracts/events/talk-event";
import type { RecordedSession } from "#contracts/recording/recording";
import type { MonoWav } from "#core/audio/wav";
import type { Brain } from "#core/ports/brain";
import type { Clock } from "#core/ports/clock";
import { createRecordedMicrophone } from "#core/talk/talk-microphone";
import { runWithMicrophone } from "../run-conversation";
import type { SimulationEngines } from "../simulation-engines";
import { figuresOf, type ConversationFigures } from "./conversation-figures";
import { judgeConversation, type JudgedTurn } from "./judge-conversation";
import { createRecordedBrain, recordedAnswers } from "./recorded-brain";

export interface Recording {
  session: RecordedSession;
  microphone: MonoWav;
  events: TalkEvent[];
}

export interface ReplayOptions {
  config: OrchestratorConfig;
  /** The agent may talk on for so long after the recording's end before the replay is over, ms. */
  tailMs: number;
}

/** A conversation as it was, or as it would have been. */
export interface JudgedConversation {
  figures: ConversationFigures;
  turns: JudgedTurn[];
}

/** An answer that runs on beyond the recording is cut here, ms. */
const EXTRA_MS = 120_000;

/** The built-in responder answers anew; any other brain is played by its recorded answers. */
export function isBuiltinBrain({ brainLabel }: RecordedSession): boolean {
  return brainLabel.startsWith("Built-in");
}

/** Runs the recorded microphone through turn-taking once more, on a virtual clock that shows the recorded time of day. */
export async function replayRecording(
  engines: SimulationEngines,
  { session, microphone, events: recorded }: Recording,
  { config, tailMs }: ReplayOptions,
): Promise<TalkEvent[]> {
  const answers = recordedAnswers(recorded, session.config);
  const createBrain = (clock: Clock): Brain => createRecordedBrain({ clock, label: session.brainLabel, answers });
  const { events, error } = await runWithMicrophone(engines, {
    config,
    voice: session.voice,
    microphone: createRecordedMicrophone(microphone),
    startedAt: new Date(session.startedAt),
    ...(isBuiltinBrain(session) ? {} : { createBrain }),
    tailMs,
    maxMs: (microphone.pcm.length * 1000) / microphone.sampleRateHz + EXTRA_MS,
  });
  if (error !== undefined) throw error;
  return events;
}

export function judge(events: readonly TalkEvent[]): JudgedConversation {
  return { figures: figuresOf(events), turns: judgeConversation(events) };
}

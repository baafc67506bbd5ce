import type { TalkEvent } from "#contracts/events/talk-event";
import { gainToDb, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import type { ReceivedFrame } from "#core/talk/talk-recording";
import type { UserEvent } from "../user/user-sound";
import { AgentStream } from "./agent-stream";

/** One conversation as it was held, everything on one clock whose 0 is the first sample of both sides. */
export interface PlayedConversation {
  /** What the speaker played, 48 kHz. */
  speakerPcm: Int16Array;
  /** Of each step of 10 ms of the speaker: where on the agent's sample clock it ended. */
  positionSamples: readonly number[];
  /** The agent's voice as the client received it. */
  frames: readonly ReceivedFrame[];
  events: readonly TalkEvent[];
  user: readonly UserEvent[];
  /** Scripted events that did not take place, because the agent could not be made to talk. */
  missedSteps: number;
}

/** Step `i` of the speaker is what it played from 10 i to 10 (i + 1) ms. */
export interface TraceStep {
  /** Level at the speaker, dBFS. */
  levelDb: number;
  /** Turn whose samples were played. */
  turn: number | undefined;
  /** Place of the last sample played, and one more. */
  positionSamples: number;
  /** All of the step came from the voice, without a break. */
  isContinuous: boolean;
  /** The agent's voice can be heard. */
  isSounding: boolean;
  /** Level at the speaker against the voice as it came; undefined where the voice itself makes no sound. */
  gainDb: number | undefined;
}

export const STEP_MS = 10;
export const STEP_SAMPLES = (VOICE_SAMPLE_RATE_HZ * STEP_MS) / 1000;
/** The voice is 30 dB louder; its pauses are below this. */
const VOICED_DB = -50;
/** What is left of a voiced step after the strongest duck is above this. */
const INAUDIBLE_DB = -75;

/** What the speaker played, step by step, against what it was given to play. */
export function traceSpeaker(
  conversation: Pick<PlayedConversation, "speakerPcm" | "positionSamples" | "frames">,
): TraceStep[] {
  const stream = new AgentStream(conversation.frames);
  return conversation.positionSamples.map((positionSamples, index): TraceStep => {
    const levelDb = levelOf(conversation.speakerPcm.subarray(index * STEP_SAMPLES, (index + 1) * STEP_SAMPLES));
    const isContinuous = positionSamples - (conversation.positionSamples[index - 1] ?? 0) === STEP_SAMPLES;
    const sourceDb = isContinuous ? stream.levelDb(positionSamples - STEP_SAMPLES, positionSamples) : levelDb;
    const isVoiced = sourceDb > VOICED_DB;
    return {
      levelDb,
      turn: stream.turnAt(positionSamples - 1),
      positionSamples,
      isContinuous,
      isSounding: isVoiced && levelDb > INAUDIBLE_DB,
      gainDb: isContinuous && isVoiced ? levelDb - sourceDb : undefined,
    };
  });
}

function levelOf(pcm: Int16Array): number {
  let energy = 0;
  for (const sample of pcm) energy += sample * sample;
  return pcm.length === 0 ? -Infinity : gainToDb(Math.sqrt(energy / pcm.length) / 32768);
}

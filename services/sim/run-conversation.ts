import type { AppError } from "#contracts/errors";
import type { TalkEvent } from "#contracts/events/talk-event";
import { samplesToMs, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { pcmToFloat } from "#core/audio/pcm";
import { createInteractiveMicrophone, type SimulatedMicrophone } from "#core/talk/simulated-microphone";
import { holdConversation } from "#core/talk/talk-conversation";
import type { TalkMicrophone } from "#core/talk/talk-microphone";
import type { TalkRecording } from "#core/talk/talk-recording";
import { openSimulatedParley, type SimulatedParleyOptions } from "./simulated-parley";
import type { SimulationEngines } from "./simulation-engines";
import { VirtualClock } from "./virtual-clock";

export interface SimulationOptions extends SimulatedParleyOptions {
  /** The agent's voice; that of the configuration if absent. */
  voice?: string;
  /** Over when the input has ended and the agent has been silent for so long, ms. */
  tailMs: number;
  /** … and here at the latest, ms. */
  maxMs: number;
  /** What the clock on the wall shows at the start; the agent may be asked for it. Default: a morning in March 2026. */
  startedAt?: Date;
}

export interface SimulatedConversation {
  /** What the speaker played, 48 kHz mono; its first sample is at 0 on the clock of the events. */
  speaker: Float32Array;
  /** The same, with the voice as the client received it. */
  recording: TalkRecording;
  events: TalkEvent[];
  endedAtMs: number;
  /** Why the session broke off; undefined after a whole conversation. */
  error: AppError | undefined;
}

const DEFAULT_START = new Date("2026-03-02T10:15:00Z");

/**
 * A conversation with the real turn-taking, ears, voice and client on a virtual clock; see docs/specs/simulation.md.
 * The same input gives the same result to the byte. One at a time for each set of engines.
 */
export async function runConversation(
  engines: SimulationEngines,
  options: SimulationOptions & { microphone: SimulatedMicrophone },
): Promise<SimulatedConversation & { /** What the user said, 16 kHz mono. */ microphone: Float32Array }> {
  const microphone = createInteractiveMicrophone(options.microphone);
  const conversation = await runWithMicrophone(engines, {
    ...options,
    microphone,
    onEvent: (event) => microphone.noteEvent(event),
  });
  return { ...conversation, microphone: pcmToFloat(microphone.saidPcm) };
}

/** As `runConversation`, with a microphone of any rate that does not listen. */
export async function runWithMicrophone(
  engines: SimulationEngines,
  options: SimulationOptions & { microphone: TalkMicrophone; onEvent?: (event: TalkEvent) => void },
): Promise<SimulatedConversation> {
  const clock = new VirtualClock({ wallTime: options.startedAt ?? DEFAULT_START });
  const events: TalkEvent[] = [];
  const parley = await clock.runUntil(openSimulatedParley({ ...engines, clock }, options));
  try {
    const { recording, error } = await clock.runUntil(
      holdConversation({
        connect: parley.connect,
        clock,
        microphone: options.microphone,
        token: undefined,
        voice: options.voice,
        tailMs: options.tailMs,
        maxMs: options.maxMs,
        onEvent: (event) => {
          events.push(event);
          options.onEvent?.(event);
        },
      }),
    );
    const speaker = pcmToFloat(recording.agentPcm);
    return { speaker, recording, events, endedAtMs: samplesToMs(speaker.length, VOICE_SAMPLE_RATE_HZ), error };
  } finally {
    await clock.runUntil(parley.close());
  }
}

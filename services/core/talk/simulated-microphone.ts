import type { TalkEvent } from "#contracts/events/talk-event";
import { EARS_SAMPLE_RATE_HZ, msToSamples, samplesToMs, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { floatToPcm } from "../audio/pcm";
import type { TalkMicrophone } from "./talk-microphone";

/** What a simulated user knows when the next frame is due. */
export interface SimulatedMicrophoneContext {
  /** Where the frame begins, on the clock of the recording: both sides start at 0. */
  atMs: number;
  /** Samples of the frame at 16 kHz: 20 ms. */
  frameSamples: number;
  /** What the speaker played in the 20 ms before `atMs`, 48 kHz: what an echo path is fed with. */
  played: Float32Array;
  /** Between the start and the end of the playout of an agent turn, pauses in its speech included. */
  agentIsAudible: boolean;
  /** All that the client saw so far, oldest first. */
  events: readonly TalkEvent[];
}

/** A user and a room that react to what the agent does. */
export interface SimulatedMicrophone {
  readonly sampleRateHz: typeof EARS_SAMPLE_RATE_HZ;
  /**
   * The next frame, in [-1, 1]; a shorter one is followed by silence, a longer one is cut. undefined: the input is
   * over. It is asked for once more after every frame, also while nothing is said.
   */
  next(context: SimulatedMicrophoneContext): Float32Array | undefined;
}

export interface InteractiveMicrophone extends TalkMicrophone {
  /** To be told of every event of the conversation. */
  noteEvent(event: TalkEvent): void;
  /** All that was said so far, 16 kHz. */
  readonly saidPcm: Int16Array;
}

const FRAME_MS = 20;
const FRAME_SAMPLES = msToSamples(FRAME_MS, EARS_SAMPLE_RATE_HZ);
const PLAYED_SAMPLES = msToSamples(FRAME_MS, VOICE_SAMPLE_RATE_HZ);

/** Lets a simulated user speak in a conversation, in real time or on a virtual clock. */
export function createInteractiveMicrophone(user: SimulatedMicrophone): InteractiveMicrophone {
  return new FramedMicrophone(user);
}

class FramedMicrophone implements InteractiveMicrophone {
  readonly sampleRateHz = EARS_SAMPLE_RATE_HZ;
  readonly #user: SimulatedMicrophone;
  readonly #events: TalkEvent[] = [];
  readonly #frames: Int16Array[] = [];
  /** The last 20 ms of the speaker. */
  #played = new Float32Array(PLAYED_SAMPLES);
  #positionSamples = 0;
  #endSample: number | undefined;

  constructor(user: SimulatedMicrophone) {
    this.#user = user;
  }

  get endSample(): number | undefined {
    return this.#endSample;
  }

  get saidPcm(): Int16Array {
    const pcm = new Int16Array(this.#positionSamples);
    this.#frames.forEach((frame, index) => {
      const at = index * FRAME_SAMPLES;
      pcm.set(frame.subarray(0, pcm.length - at), at);
    });
    return pcm;
  }

  noteEvent(event: TalkEvent): void {
    this.#events.push(event);
  }

  read(sampleCount: number, played: Float32Array): Int16Array {
    const block = new Int16Array(sampleCount);
    for (let filled = 0; filled < sampleCount;) {
      const frame = this.#frames[Math.floor(this.#positionSamples / FRAME_SAMPLES)] ?? this.#nextFrame();
      const at = this.#positionSamples % FRAME_SAMPLES;
      const part = frame.subarray(at, at + sampleCount - filled);
      block.set(part, filled);
      filled += part.length;
      this.#positionSamples += part.length;
    }
    this.#notePlayed(played);
    return block;
  }

  #nextFrame(): Int16Array {
    const frame = new Int16Array(FRAME_SAMPLES);
    if (this.#endSample === undefined) {
      const atMs = samplesToMs(this.#positionSamples, EARS_SAMPLE_RATE_HZ);
      const said = this.#user.next({
        atMs,
        frameSamples: FRAME_SAMPLES,
        played: this.#played,
        agentIsAudible: this.#isAgentAudible(atMs),
        events: this.#events,
      });
      if (said === undefined) this.#endSample = this.#positionSamples;
      else frame.set(floatToPcm(said.subarray(0, FRAME_SAMPLES)));
    }
    this.#frames.push(frame);
    return frame;
  }

  #notePlayed(played: Float32Array): void {
    const kept = new Float32Array(PLAYED_SAMPLES);
    const keptSamples = Math.max(0, PLAYED_SAMPLES - played.length);
    kept.set(this.#played.subarray(PLAYED_SAMPLES - keptSamples));
    kept.set(played.subarray(-PLAYED_SAMPLES), keptSamples);
    this.#played = kept;
  }

  /** The events of the playout may be ahead of the microphone by a step. */
  #isAgentAudible(atMs: number): boolean {
    const last = this.#events.findLast(
      (event) => (event.type === "agent-playout-start" || event.type === "agent-playout-end") && event.atMs <= atMs,
    );
    return last?.type === "agent-playout-start";
  }
}

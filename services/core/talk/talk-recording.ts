import type { AudioFrame } from "#contracts/protocol/audio-frame";
import { floatToPcm } from "../audio/pcm";
import { writeWav } from "../audio/wav";

/** Part of the agent's voice as it came, on the agent's sample clock. */
export type ReceivedFrame = Pick<AudioFrame, "turn" | "sampleIndex" | "pcm">;

/** Collects both sides on one clock: left the user's file, right what the speaker played. 48 kHz. */
export class TalkRecording {
  readonly #speaker: Int16Array[] = [];
  /** Of each step of the speaker: where on the agent's sample clock it ended. */
  readonly positionSamples: number[] = [];
  readonly frames: ReceivedFrame[] = [];

  /** The next step of the speaker, and the position of the sample behind it on the agent's clock. */
  addSpeaker(samples: Float32Array, positionSamples: number): void {
    this.#speaker.push(floatToPcm(samples));
    this.positionSamples.push(positionSamples);
  }

  addFrame({ turn, sampleIndex, pcm }: ReceivedFrame): void {
    this.frames.push({ turn, sampleIndex, pcm });
  }

  /** All that the speaker played so far, 48 kHz. */
  get agentPcm(): Int16Array {
    return concat(this.#speaker);
  }

  /** `user`: the user's audio at 48 kHz; what is shorter is filled with silence. */
  toWav(user: Int16Array): Uint8Array {
    const right = this.agentPcm;
    const left = new Int16Array(right.length);
    left.set(user.subarray(0, right.length));
    return writeWav([left, right], 48_000);
  }
}

function concat(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

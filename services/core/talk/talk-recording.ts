import { floatToPcm } from "#core/audio/pcm";
import { writeWav } from "#core/audio/wav";

/** Collects both sides on one clock: left the user's file, right what the speaker played. 48 kHz. */
export class TalkRecording {
  readonly #speaker: Int16Array[] = [];

  addSpeaker(samples: Float32Array): void {
    this.#speaker.push(floatToPcm(samples));
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

import type { TalkMicrophone } from "#core/talk/talk-microphone";

export interface QueueMicrophone extends TalkMicrophone {
  /** Says this after everything that still waits. */
  say(pcm: Int16Array): void;
  /** Nothing more will be said. */
  end(): void;
}

/** A microphone whose user decides in the course of the conversation what to say. */
export function createQueueMicrophone(sampleRateHz: TalkMicrophone["sampleRateHz"]): QueueMicrophone {
  let waiting: Int16Array[] = [];
  let position = 0;
  let isEnding = false;
  let endSample: number | undefined;
  return {
    sampleRateHz,
    get endSample() {
      return endSample;
    },
    say: (pcm) => void waiting.push(pcm),
    end() {
      isEnding = true;
    },
    read(sampleCount) {
      const block = new Int16Array(sampleCount);
      let filled = 0;
      while (filled < sampleCount && waiting[0] !== undefined) {
        const part = waiting[0].subarray(0, sampleCount - filled);
        block.set(part, filled);
        filled += part.length;
        const rest = waiting[0].subarray(part.length);
        waiting = rest.length === 0 ? waiting.slice(1) : [rest, ...waiting.slice(1)];
      }
      position += sampleCount;
      if (isEnding && waiting.length === 0) endSample ??= position;
      return block;
    },
  };
}

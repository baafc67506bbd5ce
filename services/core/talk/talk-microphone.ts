import type { MonoWav } from "#core/audio/wav";

/** What the user says: mono PCM, silence where nothing is said. */
export interface TalkMicrophone {
  readonly sampleRateHz: MonoWav["sampleRateHz"];
  /**
   * The next samples; always as many as asked for. `played`: what leaves the speaker at the same time, 48 kHz, for those
   * who hear it.
   */
  read(sampleCount: number, played: Float32Array): Int16Array;
  /** Where everything has been said, in samples from the start; undefined while more may come. */
  readonly endSample: number | undefined;
}

/** Says a recording, then is silent. */
export function createRecordedMicrophone(recording: MonoWav): TalkMicrophone {
  const { pcm, sampleRateHz } = recording;
  let at = 0;
  return {
    sampleRateHz,
    endSample: pcm.length,
    read(sampleCount) {
      const block = new Int16Array(sampleCount);
      block.set(pcm.subarray(at, at + sampleCount));
      at += sampleCount;
      return block;
    },
  };
}

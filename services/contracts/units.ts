/** A branded identifier: a plain string cannot be passed where one is asked for. */
type Brand<Name extends string> = string & { readonly __brand: Name };

export type SessionId = Brand<"SessionId">;

/** 16 kHz: the rate of VAD and ASR. */
export const EARS_SAMPLE_RATE_HZ = 16_000;
/** 48 kHz: the rate of everything the agent says on any wire. */
export const VOICE_SAMPLE_RATE_HZ = 48_000;
/** 20 ms at 48 kHz: one agent audio frame. */
export const VOICE_FRAME_SAMPLES = 960;
export const VOICE_FRAME_MS = 20;

export function samplesToMs(samples: number, sampleRateHz: number): number {
  return (samples * 1000) / sampleRateHz;
}

/** Rounds down: a partial sample does not exist. */
export function msToSamples(durationMs: number, sampleRateHz: number): number {
  return Math.floor((durationMs * sampleRateHz) / 1000);
}

/** Amplitude ratio of a level difference: −6.02 dB ≈ 0.5. */
export function dbToGain(db: number): number {
  return 10 ** (db / 20);
}

/** Level in dBFS of an amplitude in [0, 1]; silence is −Infinity. */
export function gainToDb(gain: number): number {
  return 20 * Math.log10(gain);
}

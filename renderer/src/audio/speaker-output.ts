/** Not in TypeScript's DOM library; Chromium has it since 110, others do not. */
interface SpeakerContext extends AudioContext {
  readonly sinkId?: string;
  setSinkId?(id: string): Promise<void>;
}

/**
 * Sends a context's sound to a speaker; undefined: to the system's default. Elsewhere than Chromium the system decides.
 * The default is left untouched as long as nothing else was asked for, since some systems cancel echoes only there.
 */
export async function setSpeaker(context: SpeakerContext, id: string | undefined): Promise<void> {
  const sinkId = id ?? "";
  if (context.setSinkId === undefined || context.sinkId === sinkId) return;
  await context.setSinkId(sinkId);
}

/** Delay between the player and the loudspeaker, as far as the browser knows it. */
export function outputLatencySamples(context: AudioContext): number {
  const { baseLatency, outputLatency }: Partial<Pick<AudioContext, "baseLatency" | "outputLatency">> = context;
  return ((baseLatency ?? 0) + (outputLatency ?? 0)) * context.sampleRate;
}

/** A frame of the agent's voice at the client. */
export interface FrameArrival {
  atMs: number;
  sampleIndex: number;
}

/** How far each interval between two frames in a row was from `frameMs`, ms; without the first `leadFrames`, which leave at once. */
export function intervalDeviationsMs(
  arrivals: readonly FrameArrival[],
  { frameMs, frameSamples, leadFrames }: { frameMs: number; frameSamples: number; leadFrames: number },
): number[] {
  const paced = arrivals.slice(leadFrames);
  return paced.flatMap(({ atMs, sampleIndex }, index) => {
    const before = paced[index - 1];
    if (before === undefined || sampleIndex - before.sampleIndex !== frameSamples) return [];
    return [Math.abs(atMs - before.atMs - frameMs)];
  });
}

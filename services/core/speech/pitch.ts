export interface PitchOptions {
  sampleRateHz: number;
  /** Lowest and highest voice looked for, Hz. Default 65 and 420. */
  lowestHz?: number;
  highestHz?: number;
  /** How far from a perfect period a frame may be and still count as voiced, ratio. Default 0.2. */
  aperiodicityRatio?: number;
}

/** What `estimatePitchHz` needs of a frame: one window to compare and the longest period behind it, in samples. */
export function pitchFrameSamples({ sampleRateHz, lowestHz = 65 }: PitchOptions): number {
  return 2 * Math.ceil(sampleRateHz / lowestHz);
}

/**
 * Fundamental frequency of one frame, Hz; undefined where there is no clear period. Float32 in [-1, 1], mono, at least
 * `pitchFrameSamples` long. Method: YIN, steps 1 to 5 (de Cheveigné and Kawahara, "YIN, a fundamental frequency estimator
 * for speech and music", JASA 111, 2002), with the difference function computed as it is defined: at 8 kHz a frame is
 * 31 ms and takes 15,000 multiplications, 0.02 ms.
 */
export function estimatePitchHz(frame: Float32Array, options: PitchOptions): number | undefined {
  const { sampleRateHz, lowestHz = 65, highestHz = 420, aperiodicityRatio = 0.2 } = options;
  const longest = Math.min(frame.length >> 1, Math.ceil(sampleRateHz / lowestHz));
  const shortest = Math.max(2, Math.floor(sampleRateHz / highestHz));
  const differences = normalisedDifferences(frame, longest);
  const first = differences.findIndex((difference, lag) => lag > 0 && difference < aperiodicityRatio);
  if (first < 0) return undefined;
  let lowest = first;
  while (lowest + 1 < longest && (differences[lowest + 1] ?? 1) < (differences[lowest] ?? 1)) lowest++;
  // A shorter period is that of a whistle, and its multiples would pass for a voice.
  return lowest < shortest ? undefined : sampleRateHz / (lowest + vertexOffset(differences, lowest));
}

/** Squared difference of the frame and itself `lag` samples later, relative to the mean over all shorter lags. */
function normalisedDifferences(frame: Float32Array, longest: number): Float32Array {
  const differences = new Float32Array(longest).fill(1);
  let sum = 0;
  for (let lag = 1; lag < longest; lag++) {
    let difference = 0;
    for (let i = 0; i < longest; i++) {
      const step = (frame[i] ?? 0) - (frame[i + lag] ?? 0);
      difference += step * step;
    }
    sum += difference;
    if (sum > 0) differences[lag] = (difference * lag) / sum;
  }
  return differences;
}

/** Where the parabola through a minimum and its neighbours is lowest, in samples from the minimum. */
function vertexOffset(values: Float32Array, at: number): number {
  const before = values[at - 1] ?? 1;
  const here = values[at] ?? 1;
  const after = values[at + 1] ?? 1;
  const curvature = before - 2 * here + after;
  return curvature <= 0 ? 0 : Math.max(-0.5, Math.min(0.5, (before - after) / (2 * curvature)));
}

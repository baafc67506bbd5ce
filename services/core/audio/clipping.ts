/** Samples from here on were cut off by the converter or the limiter. */
const CLIPPED_LEVEL = 0.985;
/** Share of such samples that is heard as a rattle. */
export const CLIPPED_SHARE = 0.001;

export function clippedShare(samples: Float32Array): number {
  let clipped = 0;
  for (const sample of samples) if (Math.abs(sample) >= CLIPPED_LEVEL) clipped++;
  return samples.length === 0 ? 0 : clipped / samples.length;
}

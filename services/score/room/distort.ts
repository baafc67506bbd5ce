import type { Random } from "#core/ports/ids";

/** Amplitude towards which a loudspeaker clips softly. */
const CLIP_AMPLITUDE = 0.15;
/** From here on the case rattles: noise as strong as this share of what is above. */
const RATTLE_AMPLITUDE = 0.08;
const RATTLE_RATIO = 0.5;

/** One sample of a loudspeaker that is turned up too far: soft clipping, and a rattle that no linear filter foresees. */
export function distort(sample: number, random: Random): number {
  const above = Math.abs(sample) - RATTLE_AMPLITUDE;
  const rattle = above > 0 ? RATTLE_RATIO * above * (2 * random() - 1) : 0;
  return CLIP_AMPLITUDE * Math.tanh(sample / CLIP_AMPLITUDE) + rattle;
}

/**
 * The start of `next`, with `tail` fading out under it in a straight line over the shorter of the two; both PCM of one rate.
 * Linear, not equal power: the two say different things, and the sum must not exceed the louder of them.
 * With an empty tail it is `next` itself.
 */
export function crossFade(tail: Int16Array, next: Int16Array): Int16Array {
  if (tail.length === 0) return next;
  const faded = Int16Array.from(next);
  const length = Math.min(tail.length, next.length);
  for (let i = 0; i < length; i++) {
    const gain = (i + 1) / (length + 1);
    faded[i] = Math.round((next[i] ?? 0) * gain + (tail[i] ?? 0) * (1 - gain));
  }
  return faded;
}

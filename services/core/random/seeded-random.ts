import type { Random } from "../ports/ids";

/** Uniform numbers that are the same for the same seed and key. FNV-1a over the key, then the mulberry32 generator. */
export function createSeededRandom(seed: number, key: string): Random {
  let state = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < key.length; index++) state = Math.imul(state ^ key.charCodeAt(index), 0x01000193) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

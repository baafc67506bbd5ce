import type { TextClause, VoiceWord } from "../ports/voice-link";

/** Below this, −60 dBFS, a sample counts as silence. */
const SILENCE_AMPLITUDE = 33;

/**
 * When the words of a clause are said, for audio that comes without timings: each takes a share of the sound between the
 * leading and the trailing silence that grows with its letters. `samples`: 48 kHz; the words count from its start.
 */
export function estimateWords(clause: TextClause, samples: Int16Array): VoiceWord[] {
  const tokens = [...clause.text.matchAll(/\S*[\p{L}\p{N}]\S*/gu)];
  const isSound = (sample: number): boolean => Math.abs(sample) > SILENCE_AMPLITUDE;
  const first = Math.max(0, samples.findIndex(isSound));
  const last = samples.findLastIndex(isSound);
  const soundSamples = (last < 0 ? samples.length : last + 1) - first;
  const weights = tokens.map(([text]) => 1 + text.length);
  const totalWeight = weights.reduce((sum, weight) => sum + weight, 0);
  let weightBefore = 0;
  const at = (weight: number): number => first + Math.round((soundSamples * weight) / totalWeight);
  return tokens.map((token, index) => {
    const startSamples = at(weightBefore);
    weightBefore += weights[index] ?? 0;
    const textStart = clause.offset + token.index;
    return {
      text: token[0],
      startSamples,
      endSamples: at(weightBefore),
      textStart,
      textEnd: textStart + token[0].length,
    };
  });
}

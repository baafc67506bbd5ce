import { wordErrors } from "#core/text/word-error-rate";

/** Word error rate over all pairs together: errors of all ÷ words of all references. */
export function errorRateOf(pairs: readonly { reference: string; heard: string }[]): number {
  const all = pairs.map(({ reference, heard }) => wordErrors(reference, heard));
  const errors = all.reduce((total, one) => total + one.errors, 0);
  return errors / all.reduce((total, one) => total + one.referenceWords, 0);
}

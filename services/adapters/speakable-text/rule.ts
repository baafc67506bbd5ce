/** How one written form is said. */
export interface Rule {
  /** Sticky; matches at the place where the reading stands. */
  pattern: RegExp;
  /** Words for the match, or undefined when this is not what it looked like. */
  speak(match: RegExpExecArray): string | undefined;
}

/** Builds a rule; the pattern's source is compiled as sticky Unicode. */
export function rule(pattern: RegExp, speak: (match: RegExpExecArray) => string | undefined): Rule {
  return { pattern: new RegExp(pattern.source, `${pattern.flags.replace(/[yu]/g, "")}yu`), speak };
}

/** A number: thousands separators or not, decimals or not. Bounded, so that a wall of digits cannot stall the reading. */
export const NUMBER = String.raw`(?:\d{1,3}(?:,\d{3}){1,5}(?!\d)|\d{1,24})(?:\.\d{1,12})?`;
/** Nothing that would make the number longer may follow. */
export const NUMBER_END = String.raw`(?![\d]|[.,]\d)`;

export const isOne = (text: string): boolean => /^1(?:\.0+)?$/.test(text);

export function escapeForPattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/** Alternatives, longest first, so that "km/h" wins over "km". */
export function anyOf(keys: readonly string[]): string {
  return [...keys]
    .sort((a, b) => b.length - a.length)
    .map(escapeForPattern)
    .join("|");
}

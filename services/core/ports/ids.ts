/** Source of unique ids and secrets, injected so that tests are repeatable. */
export interface Ids {
  /** `prefix-` and 12 or more hexadecimal digits, unique in the process. */
  next(prefix: string): string;
  /** At least 128 bits from a cryptographic source, URL-safe. */
  secret(): string;
}

/** Uniform in [0, 1). */
export type Random = () => number;

import type { Ids } from "#core/ports/ids";

/** Ids that are the same in every run. */
export function createSequentialIds(): Ids {
  let count = 0;
  return {
    next: (prefix) => `${prefix}-${String(++count).padStart(12, "0")}`,
    secret: () => `secret-${String(++count).padStart(32, "0")}`,
  };
}

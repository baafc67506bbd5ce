import type { Ids } from "#core/ports/ids";

/** Ids that are the same in every run. Their secrets are none: nobody but the conversation itself is there. */
export function createRepeatableIds(): Ids {
  let count = 0;
  const next = (prefix: string): string => `${prefix}-${(++count).toString(16).padStart(12, "0")}`;
  return { next, secret: () => next("secret") };
}

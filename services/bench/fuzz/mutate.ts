import type { Random } from "#core/ports/ids";

/** Values that readers of messages get wrong most often. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  "",
  "\u0000",
  "\ud800",
  "__proto__",
  "../../etc/passwd",
  "%s%n\u202e",
  "🙂".repeat(3_000),
  0,
  -1,
  0.5,
  2 ** 31,
  2 ** 53,
  1e308,
  [],
  {},
];
const ODD_KEYS = ["__proto__", "constructor", "toString", "", "type", "k".repeat(1_000)];
const MAX_DEPTH = 3_000;

/** Changes well-formed messages so that they are almost right, or not at all. The same numbers give the same messages. */
export interface Mutator {
  pick<T>(choices: readonly T[]): T;
  /** True once in so many. */
  once(inTimes: number): boolean;
  /** By structure, by its text, or both. */
  json(sample: unknown): string;
  text(sample: string): string;
  bytes(sample: Uint8Array): Uint8Array<ArrayBuffer>;
}

export function createMutator(random: Random): Mutator {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(choices: readonly T[]): T => {
    const choice = choices[below(choices.length)];
    if (choice === undefined && choices.length === 0) throw new RangeError("nothing to choose from");
    return choice as T;
  };
  const once = (inTimes: number): boolean => random() * inTimes < 1;

  const oddValue = (): unknown => (once(8) ? nest(1 + below(MAX_DEPTH)) : pick(ODD_VALUES));

  /** One change at one place of the value, often deep inside. */
  const change = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || once(8)) return oddValue();
    if (Array.isArray(value)) {
      const items = value as unknown[];
      if (items.length === 0 || once(3)) return [...items, ...items, oddValue()];
      const at = below(items.length);
      return items.with(at, change(items[at]));
    }
    const entries: [string, unknown][] = Object.entries(value);
    const at = below(entries.length);
    const entry = entries[at];
    if (entry === undefined) return { [pick(ODD_KEYS)]: oddValue() };
    const [key, inner] = entry;
    const others = entries.toSpliced(at, 1);
    const next: () => [string, unknown][] = pick([
      () => others,
      () => [...others, [key, change(inner)]],
      () => [...others, [key, change(inner)]],
      () => [...entries, [pick(ODD_KEYS), oddValue()]],
      () => [...others, [pick(ODD_KEYS), inner]],
    ]);
    return Object.fromEntries(next());
  };

  const bytes = (sample: Uint8Array): Uint8Array<ArrayBuffer> => {
    let result = Uint8Array.from(sample);
    for (let changes = 1 + below(4); changes > 0; changes--) {
      const from = below(result.length + 1);
      const to = Math.min(result.length, from + 1 + below(16));
      const kind = below(5);
      if (kind === 0) result = result.slice(0, from);
      else if (kind === 1) result = joined(result.slice(0, to), result.slice(from));
      else if (kind === 2) result = joined(result.slice(0, from), result.slice(to));
      else if (kind === 3) result.fill(pick([0, 0x7f, 0x80, 0xff]), from, to);
      else if (from < result.length) result[from] = below(256);
    }
    return result;
  };

  const text = (sample: string): string => Buffer.from(bytes(Buffer.from(sample))).toString("utf8");
  return {
    pick,
    once,
    bytes,
    text,
    json(sample) {
      const changed = JSON.stringify(once(4) ? sample : change(sample));
      return once(3) ? text(changed) : changed;
    },
  };
}

function nest(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(head.length + tail.length);
  result.set(head);
  result.set(tail, head.length);
  return result;
}

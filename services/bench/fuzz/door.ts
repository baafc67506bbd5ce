import type { EventEmitter } from "node:events";
import { systemClock } from "#adapters/system/system-clock";

/** One way into Parley, knocked at with messages that are almost right. */
export interface Door {
  readonly name: string;
  /** Sends so many; resolves when each was taken, answered or refused. Rejects with `Hang` when one was not, in time. */
  knock(messageCount: number): Promise<void>;
  /** A well-formed exchange. Rejects when it is not answered as it must be. */
  check(): Promise<void>;
  close(): Promise<void> | void;
}

/**
 * All that is asked here takes milliseconds, but for one thing: a peer of a worker that breaks HTTP/2 after a right preface
 * (a frame of no call, one above the largest size) and leaves. Node's http2 says GOAWAY, reads no more and so does not see
 * it leave; the worker's ping ends it after 10 s.
 */
const ANSWER_LIMIT_MS = 15_000;

export class Hang extends Error {
  override name = "Hang";
}

/** Rejects with `Hang` when what is expected does not come. */
export function inTime<T>(what: string, expected: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = systemClock.setTimer(ANSWER_LIMIT_MS, () => reject(new Hang(`${what}: no answer in time`)));
    expected.finally(() => timer.dispose()).then(resolve, reject);
  });
}

/** Resolves with the event's first argument. Unlike `events.once`, an error before it is no end. */
export function eventOf(emitter: EventEmitter, name: string): Promise<unknown> {
  return new Promise((resolve) => emitter.once(name, resolve));
}

/** Calls `step` until all messages are sent, a few at once; it gets how many to send. */
export async function inBatches(
  messageCount: number,
  { atOnce, perStep }: { atOnce: number; perStep: number },
  step: (count: number) => Promise<void>,
): Promise<void> {
  let left = messageCount;
  const run = async (): Promise<void> => {
    while (left > 0) {
      const count = Math.min(left, perStep);
      left -= count;
      await step(count);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, run));
}

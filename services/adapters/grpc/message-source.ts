import type { Readable } from "node:stream";
import { AsyncQueue } from "#core/lifecycle/async-queue";

/** Messages read ahead of the consumer; the peer waits beyond that. */
const READ_AHEAD = 8;

/**
 * The messages of a call, one by one, with backpressure. Only `data` is listened to: whoever owns the call ends or
 * fails the queue, because what the end of a call means differs between its two sides.
 */
export function readMessages(call: Readable): AsyncQueue<unknown> {
  const queue = new AsyncQueue<unknown>({ capacity: READ_AHEAD });
  call.on("data", (message: unknown) => {
    call.pause();
    void queue.push(message).then(() => call.resume());
  });
  return queue;
}

import { createDeferred, type Deferred } from "./deferred";

/**
 * Bounded queue between one producer and one consumer. Full means the producer waits.
 * `end` lets the consumer finish what is queued; `fail` ends it with an error after that.
 */
export class AsyncQueue<T> implements AsyncIterable<T> {
  readonly #capacity: number;
  readonly #items: T[] = [];
  #ending: { error: unknown } | undefined;
  #wakeConsumer: Deferred<void> | undefined;
  #wakeProducer: Deferred<void> | undefined;

  constructor(options: { capacity: number }) {
    this.#capacity = options.capacity;
  }

  /** Resolves when the item is queued; false when the queue had ended. */
  async push(item: T): Promise<boolean> {
    while (this.#ending === undefined && this.#items.length >= this.#capacity) {
      this.#wakeProducer ??= createDeferred<void>();
      await this.#wakeProducer.promise;
    }
    if (this.#ending !== undefined) return false;
    this.#items.push(item);
    this.#wake("consumer");
    return true;
  }

  end(): void {
    this.#finish(undefined);
  }

  fail(error: unknown): void {
    this.#finish(error);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        const item = this.#items.shift();
        if (item !== undefined) {
          this.#wake("producer");
          yield item;
          continue;
        }
        if (this.#ending !== undefined) {
          if (this.#ending.error !== undefined) throw this.#ending.error as Error;
          return;
        }
        this.#wakeConsumer ??= createDeferred<void>();
        await this.#wakeConsumer.promise;
      }
    } finally {
      this.#finish(undefined);
    }
  }

  #finish(error: unknown): void {
    this.#ending ??= { error };
    this.#wake("consumer");
    this.#wake("producer");
  }

  #wake(side: "consumer" | "producer"): void {
    if (side === "consumer") {
      this.#wakeConsumer?.resolve();
      this.#wakeConsumer = undefined;
    } else {
      this.#wakeProducer?.resolve();
      this.#wakeProducer = undefined;
    }
  }
}

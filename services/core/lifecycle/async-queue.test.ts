import { expect, it } from "vitest";
import { AsyncQueue } from "./async-queue";

async function collect<T>(queue: AsyncQueue<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of queue) items.push(item);
  return items;
}

it("delivers in order and ends after what was queued", async () => {
  const queue = new AsyncQueue<number>({ capacity: 8 });
  for (const item of [1, 2, 3]) await queue.push(item);
  queue.end();
  expect(await collect(queue)).toEqual([1, 2, 3]);
  expect(await queue.push(4)).toBe(false);
});

it("a full queue makes the producer wait until there is room", async () => {
  const queue = new AsyncQueue<number>({ capacity: 1 });
  await queue.push(1);
  let isSecondIn = false;
  const second = queue.push(2).then(() => (isSecondIn = true));
  await Promise.resolve();
  expect(isSecondIn).toBe(false);
  const iterator = queue[Symbol.asyncIterator]();
  expect((await iterator.next()).value).toBe(1);
  await second;
  expect((await iterator.next()).value).toBe(2);
});

it("a failure reaches the consumer after what was queued", async () => {
  const queue = new AsyncQueue<number>({ capacity: 4 });
  await queue.push(1);
  queue.fail(new Error("broken"));
  const iterator = queue[Symbol.asyncIterator]();
  expect((await iterator.next()).value).toBe(1);
  await expect(iterator.next()).rejects.toThrow("broken");
});

it("a consumer that leaves releases the waiting producer", async () => {
  const queue = new AsyncQueue<number>({ capacity: 1 });
  await queue.push(1);
  const taken = queue.push(2);
  const waiting = taken.then(() => queue.push(3));
  for await (const item of queue) if (item === 1) break;
  expect(await waiting).toBe(false);
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError, type ErrorCode } from "#contracts/errors";
import type { Brain, BrainMessage } from "#core/ports/brain";

export interface BrainHarness {
  /** Its answers have at least three deltas and come without waiting for any clock. */
  brain: Brain;
  /** A brain that fails with this code behind `deltaCount` deltas; left out for brains that cannot fail. */
  failing?: { brain: Brain; code: ErrorCode; deltaCount: number };
  /** Resolves when nothing of the brain is left running: no timer, no connection. */
  isIdle(): Promise<boolean>;
  close(): Promise<void>;
}

const hello: readonly BrainMessage[] = [{ role: "user", text: "Hello, who are you?" }];

async function collect(deltas: AsyncIterable<string>): Promise<string[]> {
  const collected: string[] = [];
  for await (const delta of deltas) collected.push(delta);
  return collected;
}

/** Runs an iteration to its end; returns what was yielded and the error, if it ended with one. */
async function drain(iterator: AsyncIterator<string>): Promise<{ deltas: string[]; error: unknown }> {
  const deltas: string[] = [];
  try {
    for (let result = await iterator.next(); result.done !== true; result = await iterator.next())
      deltas.push(result.value);
    return { deltas, error: undefined };
  } catch (error) {
    return { deltas, error };
  }
}

/** What every brain does, fakes included. */
export function describeBrainContract(name: string, createHarness: () => Promise<BrainHarness>): void {
  describe(`brain contract: ${name}`, () => {
    let harness: BrainHarness;
    beforeEach(async () => {
      harness = await createHarness();
    });
    afterEach(async () => {
      await harness.close();
    });
    const respond = (signal = new AbortController().signal, history = hello): AsyncIterable<string> =>
      harness.brain.respond({ history, sessionId: "session-1", signal });

    it("[BR1] says what it is", () => {
      expect(harness.brain.info.label).not.toBe("");
    });
    it("[BR2] answers in deltas that are never empty and together make words", async () => {
      const deltas = await collect(respond());
      expect(deltas.length).toBeGreaterThanOrEqual(3);
      expect(deltas).not.toContain("");
      expect(deltas.join("")).toMatch(/\w+/);
    });
    it("[BR3] yields nothing when the signal was aborted before", async () => {
      const abort = new AbortController();
      abort.abort();
      const { deltas, error } = await drain(respond(abort.signal)[Symbol.asyncIterator]());
      expect(deltas).toEqual([]);
      if (error !== undefined) expect(error).toMatchObject({ code: "cancelled" });
      expect(await harness.isIdle()).toBe(true);
    });
    it("[BR4] yields nothing after an abort, ends, and leaves nothing running", async () => {
      const abort = new AbortController();
      const iterator = respond(abort.signal)[Symbol.asyncIterator]();
      expect((await iterator.next()).done).not.toBe(true);
      abort.abort();
      const { deltas, error } = await drain(iterator);
      expect(deltas).toEqual([]);
      if (error !== undefined) expect(error).toMatchObject({ code: "cancelled" });
      expect(await harness.isIdle()).toBe(true);
    });
    it("[BR5] leaves nothing running when the reader stops early", async () => {
      for await (const delta of respond()) {
        expect(delta).not.toBe("");
        break;
      }
      expect(await harness.isIdle()).toBe(true);
    });
    it("[BR6] answers two sessions at once, one cancelled without the other", async () => {
      const abort = new AbortController();
      const cancelled = respond(abort.signal)[Symbol.asyncIterator]();
      const other = respond()[Symbol.asyncIterator]();
      await cancelled.next();
      await other.next();
      abort.abort();
      await drain(cancelled);
      const rest = await drain(other);
      expect(rest.error).toBeUndefined();
      expect(rest.deltas.length).toBeGreaterThanOrEqual(2);
    });
    it("[BR7] does not change the history it is given", async () => {
      const history = Object.freeze([...hello.map((message) => Object.freeze({ ...message }))]);
      await expect(collect(respond(undefined, history))).resolves.not.toEqual([]);
    });
    it("[BR8] answers again after an answer, and after a cancelled one", async () => {
      const abort = new AbortController();
      const iterator = respond(abort.signal)[Symbol.asyncIterator]();
      await iterator.next();
      abort.abort();
      await drain(iterator);
      expect((await collect(respond())).length).toBeGreaterThanOrEqual(3);
      expect((await collect(respond())).length).toBeGreaterThanOrEqual(3);
    });
    it("[BR9] fails with an AppError of its code, behind the deltas that came", async () => {
      const { failing } = harness;
      if (failing === undefined) return;
      const failed = await drain(
        failing.brain
          .respond({ history: hello, sessionId: "session-1", signal: new AbortController().signal })
          [Symbol.asyncIterator](),
      );
      expect(failed.error).toBeInstanceOf(AppError);
      expect(failed.error).toMatchObject({ code: failing.code });
      expect(failed.deltas).toHaveLength(failing.deltaCount);
      expect(await harness.isIdle()).toBe(true);
    });
  });
}

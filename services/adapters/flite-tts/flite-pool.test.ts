import { beforeEach, describe, expect, it } from "vitest";
import { silentLogger } from "#core/ports/logger";
import { FakeClock } from "#testing/fake-clock";
import type { FliteThreadReply, FliteThreadRequest } from "./flite-messages";
import { FlitePool, type FliteThread } from "./flite-pool";

class ScriptedThread implements FliteThread {
  readonly requests: FliteThreadRequest[] = [];
  isTerminated = false;
  #onMessage: (message: unknown) => void = () => undefined;
  #onExit: () => void = () => undefined;

  post(message: FliteThreadRequest): void {
    this.requests.push(message);
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#onMessage = listener;
  }
  onExit(listener: () => void): void {
    this.#onExit = listener;
  }
  terminate(): void {
    this.isTerminated = true;
  }
  reply(message: FliteThreadReply): void {
    this.#onMessage(message);
  }
  getReady(): void {
    this.reply({ type: "ready", shared: { module: {}, constantsEndBytes: 0 } });
  }
  finish(): void {
    this.reply({
      type: "spoken",
      jobId: this.requests.at(-1)?.jobId ?? 0,
      pcm: new Int16Array(1),
      sampleRateHz: 16_000,
      phones: [],
      learned: [],
    });
  }
  die(): void {
    this.#onExit();
  }
}

describe("FlitePool", () => {
  let threads: ScriptedThread[];
  let clock: FakeClock;
  let pool: FlitePool;
  const thread = (index: number): ScriptedThread => {
    const found = threads[index];
    if (found === undefined) throw new Error(`no thread ${index}`);
    return found;
  };
  const job = (signal = new AbortController().signal) => ({ voice: "slt", text: "hello", unknownWords: [], signal });

  beforeEach(() => {
    threads = [];
    clock = new FakeClock();
    const createThread = (): FliteThread => {
      const created = new ScriptedThread();
      threads.push(created);
      return created;
    };
    pool = new FlitePool({ createThread, threadCount: 2, clock, log: silentLogger });
  });

  it("starts the other threads when the first is ready, and gives each one clause at a time", async () => {
    expect(threads).toHaveLength(1);
    const results = [pool.run(job()), pool.run(job()), pool.run(job())];
    thread(0).getReady();
    await pool.ready();
    expect(threads).toHaveLength(2);
    thread(1).getReady();
    expect(threads.map((each) => each.requests.length)).toEqual([1, 1]);
    thread(1).finish();
    expect(thread(1).requests).toHaveLength(2);
    thread(0).finish();
    thread(1).finish();
    await Promise.all(results);
    expect(clock.pendingCount).toBe(0);
  });

  it("does not start an aborted clause that still waits", async () => {
    const abort = new AbortController();
    const result = pool.run(job(abort.signal));
    abort.abort();
    await expect(result).rejects.toMatchObject({ code: "cancelled" });
    thread(0).getReady();
    expect(thread(0).requests).toHaveLength(0);
  });

  it("lets the thread of an aborted clause end it, if that does not take long", async () => {
    thread(0).getReady();
    const abort = new AbortController();
    const result = pool.run(job(abort.signal));
    abort.abort();
    await expect(result).rejects.toMatchObject({ code: "cancelled" });
    thread(0).finish();
    clock.advanceMs(10_000);
    expect(thread(0).isTerminated).toBe(false);
    const next = pool.run(job());
    thread(0).finish();
    await next;
  });

  it("ends the thread of an aborted clause that goes on, and starts another", async () => {
    thread(0).getReady();
    thread(1).getReady();
    const abort = new AbortController();
    const result = pool.run(job(abort.signal));
    abort.abort();
    await expect(result).rejects.toMatchObject({ code: "cancelled" });
    const next = pool.run(job());
    expect(thread(1).requests).toHaveLength(1);
    clock.advanceMs(200);
    expect(thread(0).isTerminated).toBe(true);
    expect(threads).toHaveLength(3);
    thread(1).finish();
    await next;
  });

  it("fails the clause of a thread that dies, and replaces the thread", async () => {
    thread(0).getReady();
    const result = pool.run(job());
    thread(0).die();
    await expect(result).rejects.toMatchObject({ code: "synthesis-failed" });
    expect(threads).toHaveLength(3);
    thread(2).getReady();
    const next = pool.run(job());
    thread(2).finish();
    await next;
  });

  it("replaces a thread that hangs or that reports a failure", async () => {
    thread(0).getReady();
    const hanging = pool.run(job());
    clock.advanceMs(20_000);
    await expect(hanging).rejects.toMatchObject({ code: "synthesis-failed" });
    thread(2).getReady();
    const failing = pool.run(job());
    thread(2).reply({ type: "failed", jobId: thread(2).requests[0]?.jobId ?? 0, reason: "trap" });
    await expect(failing).rejects.toMatchObject({ code: "synthesis-failed" });
    expect(thread(2).isTerminated).toBe(true);
  });

  it("gives up when threads do not start", async () => {
    for (let attempt = 0; attempt < 5; attempt++) thread(attempt).die();
    await expect(pool.ready()).rejects.toMatchObject({ code: "synthesis-failed" });
    await expect(pool.run(job())).rejects.toMatchObject({ code: "synthesis-failed" });
    expect(threads).toHaveLength(5);
  });

  it("ends all threads and all waiting clauses when closed", async () => {
    thread(0).getReady();
    const results = [pool.run(job()), pool.run(job())];
    pool.close();
    for (const result of results) await expect(result).rejects.toMatchObject({ code: "shutting-down" });
    expect(threads.every((each) => each.isTerminated)).toBe(true);
    expect(clock.pendingCount).toBe(0);
  });
});

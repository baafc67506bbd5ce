import { describe, expect, it } from "vitest";
import { createDeferred } from "#core/lifecycle/deferred";
import { sleep } from "#core/lifecycle/sleep";
import { VirtualClock } from "./virtual-clock";

const never = new AbortController().signal;
const inRealTime = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));
const createClock = () => new VirtualClock({ wallTime: new Date("2026-03-02T10:15:00Z") });

describe("VirtualClock", () => {
  it("goes from timer to timer, in the order of time and then of setting", async () => {
    const clock = createClock();
    const startMs = clock.nowMs();
    const seen: string[] = [];
    const note = (name: string) => () => void seen.push(`${name} ${clock.nowMs() - startMs}`);
    clock.setTimer(20, note("b"));
    clock.setTimer(10, note("a"));
    clock.setTimer(20, note("c"));
    clock.setTimer(15, note("gone")).dispose();
    const beat = clock.setRepeating(8, note("beat"));
    await clock.runUntil(sleep(clock, 25, never));
    beat.dispose();
    expect(seen).toEqual(["beat 8", "a 10", "beat 16", "b 20", "c 20", "beat 24"]);
    expect(clock.nowMs() - startMs).toBe(25);
    expect(clock.wallTime().toISOString()).toBe("2026-03-02T10:15:00.025Z");
  });

  it("does not move while promises settle at the present instant", async () => {
    const clock = createClock();
    const startMs = clock.nowMs();
    clock.setRepeating(1, () => undefined);
    const deep = async (depth: number): Promise<number> => (depth === 0 ? clock.nowMs() : await deep(depth - 1));
    await clock.runUntil(sleep(clock, 5, never));
    expect((await clock.runUntil(deep(100))) - startMs).toBe(5);
  });

  it("stands still for held work, which is done one after the other in the order asked for", async () => {
    const clock = createClock();
    const startMs = clock.nowMs();
    clock.setRepeating(1, () => undefined);
    const seen: string[] = [];
    const work = async (name: string, realMs: number): Promise<void> => {
      await clock.hold(() => inRealTime(realMs));
      seen.push(`${name} ${clock.nowMs() - startMs}`);
    };
    await clock.runUntil(Promise.all([work("slow", 20), work("quick", 0), sleep(clock, 3, never)]));
    expect(seen).toEqual(["slow 0", "quick 0"]);
  });

  it("goes on after held work that failed", async () => {
    const clock = createClock();
    const failing = clock.hold(() => Promise.reject(new Error("broken")));
    await expect(clock.runUntil(failing)).rejects.toThrow("broken");
    await clock.runUntil(sleep(clock, 1, never));
  });

  it("says so when nothing is left that could happen", async () => {
    const clock = createClock();
    await expect(clock.runUntil(createDeferred<void>().promise)).rejects.toMatchObject({ code: "internal" });
  });
});

import { describe, expect, it } from "vitest";
import { AppError } from "#contracts/errors";
import { describeAsrEngineContract } from "./asr-engine.contract";
import { createFakeAsrEngine } from "./fake-asr-engine";
import { FakeClock } from "./fake-clock";

const loud = Float32Array.from({ length: 32_000 }, (_, i) => 0.3 * Math.sin(i / 5));

describeAsrEngineContract("fake", () => Promise.resolve({ engine: createFakeAsrEngine(), speech: loud }));

describe("fake ASR engine", () => {
  it("hears what the test says, by utterance", async () => {
    const engine = createFakeAsrEngine({ hear: (samples, index) => `${index}: ${samples.length}` });
    engine.openUtterance();
    const second = engine.openUtterance();
    second.append(loud);
    expect((await second.transcribe()).text).toBe("1: 32000");
  });

  it("takes decodeMs on the clock", async () => {
    const clock = new FakeClock();
    const utterance = createFakeAsrEngine({ clock, decodeMs: 40 }).openUtterance();
    utterance.append(loud);
    let isAnswered = false;
    const answer = utterance.transcribe().finally(() => (isAnswered = true));
    await Promise.resolve();
    clock.advanceMs(39);
    await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
    clock.advanceMs(1);
    expect(await answer).toMatchObject({ text: "hello", decodeMs: 40 });
  });

  it("fails on demand, is unready on demand, and counts what is open", async () => {
    const engine = createFakeAsrEngine();
    const utterance = engine.openUtterance();
    engine.failWith(new AppError("ears-unavailable"));
    engine.setReady(false);
    await expect(utterance.transcribe()).rejects.toMatchObject({ code: "ears-unavailable" });
    expect([engine.isReady(), engine.openCount, engine.transcribeCount]).toEqual([false, 1, 1]);
    utterance.dispose();
    expect(engine.openCount).toBe(0);
  });
});

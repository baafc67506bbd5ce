import { describe, expect, it } from "vitest";
import { FakeClock } from "#testing/fake-clock";
import { describeTtsEngineContract, tokensOf } from "#testing/tts-engine.contract";
import { createToneEngine, toneFrequencyHz } from "./tone-engine";

describeTtsEngineContract("tone", () => createToneEngine({ clock: new FakeClock() }));

describe("tone engine", () => {
  it("gives each token 200 ms of its own tone and 40 ms of silence", async () => {
    const engine = createToneEngine({ clock: new FakeClock() });
    const { samples, sampleRateHz, timings } = await engine.synthesize({
      modelId: "tone",
      tokens: tokensOf("one two"),
      signal: new AbortController().signal,
    });
    expect(samples.length / sampleRateHz).toBeCloseTo(0.48);
    expect(timings[1]).toEqual({ tokenIndex: 1, startSamples: 3840, endSamples: 7040 });
    expect(samples.slice(3200, 3840).every((sample) => sample === 0)).toBe(true);
    const second = samples.slice(3840, 7040);
    const crossings = second.filter((sample, at) => sample >= 0 && (second[at - 1] ?? 0) < 0).length;
    expect(crossings / 0.2).toBeCloseTo(toneFrequencyHz(1), -1);
  });

  it("takes as long as it is told to, and gives up at once when aborted", async () => {
    const clock = new FakeClock();
    const engine = createToneEngine({ clock, synthesisMs: 300 });
    const abort = new AbortController();
    const clause = { modelId: "tone", tokens: tokensOf("one"), signal: abort.signal };
    let isDone = false;
    const first = engine.synthesize(clause).then(() => (isDone = true));
    clock.advanceMs(299);
    await Promise.resolve();
    expect(isDone).toBe(false);
    clock.advanceMs(1);
    await first;
    const second = engine.synthesize(clause);
    abort.abort();
    await expect(second).rejects.toMatchObject({ code: "cancelled" });
    expect(clock.pendingCount).toBe(0);
  });
});

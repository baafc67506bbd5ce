import { describe, expect, it } from "vitest";
import { describeResamplerContract } from "#testing/resampler.contract";
import { createSpeexResamplerFactory } from "./speex-resampler";

describeResamplerContract("speex", createSpeexResamplerFactory);

describe("speex resampler", () => {
  it("frees the memory of disposed streams: thousands in turn need no more than one", async () => {
    const factory = await createSpeexResamplerFactory();
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 30_000; i++) {
      const resampler = factory.create({ fromHz: 48_000, toHz: 16_000 });
      resampler.process(new Float32Array(480));
      resampler.dispose();
    }
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(40);
  });

  it("goes on when the memory grows under streams that are open", async () => {
    const factory = await createSpeexResamplerFactory();
    const rates = { fromHz: 48_000, toHz: 16_000 };
    const ramp = Float32Array.from({ length: 9_600 }, (_, i) => i / 9_600);
    const early = factory.create(rates);
    const head = early.process(ramp.subarray(0, 4_800));
    const crowd = Array.from({ length: 1_500 }, () => factory.create(rates));
    const tail = early.process(ramp.subarray(4_800));
    const alone = factory.create(rates).process(ramp);
    expect(Float32Array.of(...head, ...tail)).toEqual(alone);
    for (const resampler of crowd) resampler.dispose();
  });
});

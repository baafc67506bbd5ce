import { describe, expect, it } from "vitest";
import { floatToPcm, pcmRms, pcmToFloat, rms } from "./pcm";

describe("PCM", () => {
  const pcm = Int16Array.from([0, 1, -1, 1_000, -20_000, 32_767, -32_768]);

  it("keeps every value on the way to floats and back", () => {
    expect(floatToPcm(pcmToFloat(pcm))).toEqual(pcm);
  });

  it("is written to what the caller has, and clipped", () => {
    const own = new Int16Array(3);
    expect(floatToPcm(Float32Array.of(1.5, -1.5, 0.5), own)).toBe(own);
    expect([...own]).toEqual([32_767, -32_768, 16_384]);
  });

  it("has the level of its floats; 0 for none", () => {
    expect(pcmRms(pcm)).toBeCloseTo(rms(pcmToFloat(pcm)), 6);
    expect(pcmRms(new Int16Array())).toBe(0);
  });
});

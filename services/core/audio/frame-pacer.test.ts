import { describe, expect, it } from "vitest";
import { FramePacer } from "./frame-pacer";

describe("FramePacer", () => {
  it("lets frames leave at once until the lead is full, then one for each that was played", () => {
    const pacer = new FramePacer({ leadMs: 100 });
    for (let frame = 0; frame < 5; frame++) {
      expect(pacer.waitMs(1_000)).toBe(0);
      pacer.onSent(1_000);
    }
    expect(pacer.waitMs(1_000)).toBe(20);
    expect(pacer.waitMs(1_020)).toBe(0);
    pacer.onSent(1_020);
    expect(pacer.waitMs(1_020)).toBe(20);
  });

  it("builds the lead anew after a gap instead of catching up", () => {
    const pacer = new FramePacer({ leadMs: 40 });
    pacer.onSent(0);
    expect(pacer.dryMs(500)).toBe(480);
    pacer.onSent(500);
    pacer.onSent(500);
    expect(pacer.waitMs(500)).toBe(20);
  });

  it("counts no dry time before the first frame", () => {
    expect(new FramePacer({ leadMs: 40 }).dryMs(9_999)).toBe(0);
  });
});

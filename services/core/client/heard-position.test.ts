import { describe, expect, test } from "vitest";
import { HeardPosition } from "./heard-position";

describe("HeardPosition", () => {
  test("is behind the player by the output latency", () => {
    expect(new HeardPosition().update({ positionSamples: 10_000, turnStartSamples: 0, silentSamples: 0 }, 960)).toBe(
      9040,
    );
  });

  test("catches up while silence follows", () => {
    const heard = new HeardPosition();
    heard.update({ positionSamples: 10_000, turnStartSamples: 0, silentSamples: 0 }, 960);
    expect(heard.update({ positionSamples: 10_000, turnStartSamples: 0, silentSamples: 500 }, 960)).toBe(9540);
    expect(heard.update({ positionSamples: 10_000, turnStartSamples: 0, silentSamples: 5000 }, 960)).toBe(10_000);
  });

  test("claims nothing of a turn that has not come out yet", () => {
    const heard = new HeardPosition();
    heard.update({ positionSamples: 1000, turnStartSamples: 0, silentSamples: 4800 }, 960);
    expect(heard.update({ positionSamples: 50_500, turnStartSamples: 50_000, silentSamples: 0 }, 960)).toBe(1000);
    expect(heard.update({ positionSamples: 51_000, turnStartSamples: 50_000, silentSamples: 0 }, 960)).toBe(50_040);
  });

  test("never goes back when the latency grows", () => {
    const heard = new HeardPosition();
    heard.update({ positionSamples: 10_000, turnStartSamples: 0, silentSamples: 0 }, 480);
    expect(heard.update({ positionSamples: 10_100, turnStartSamples: 0, silentSamples: 0 }, 4800)).toBe(9520);
  });
});

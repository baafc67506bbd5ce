import { describe, expect, it } from "vitest";
import { createSeededRandom } from "../random/seeded-random";
import { EchoBound } from "./echo-bound";

const DELAYS = 18;
const NOISE = 0.01;

/** Envelopes like speech: loud blocks and pauses, power per block. */
function speechPowers(seed: number, count: number): number[] {
  const random = createSeededRandom(seed, "speech");
  let isLoud = true;
  return Array.from({ length: count }, () => {
    if (random() < 0.15) isLoud = !isLoud;
    return isLoud ? 50 + 500 * random() : 0.1 * random();
  });
}

function observe(played: number[], microphone: (block: number) => number, isPlaced = true): EchoBound {
  const bound = new EchoBound({ partitionCount: DELAYS });
  for (const [block, power] of played.entries())
    bound.observe({ played: (power + (played[block - 1] ?? 0)) / 2, microphone: microphone(block), isPlaced });
  return bound;
}

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

describe("[E9] how strong the echo is at most", () => {
  it("headphones: every delay is known to be without echo after 0.4 s of sound", () => {
    const bound = observe(new Array<number>(13).fill(200), () => NOISE);
    expect(Math.max(...bound.limitRatios)).toBeLessThan(2e-3);
  });

  it("is never less than the echo that is there, whatever its delay and strength", () => {
    for (const seed of seeds) {
      const random = createSeededRandom(seed, "room");
      const delay = Math.floor(random() * 9);
      const ratio = 10 ** (-3 * random());
      const played = speechPowers(seed, 120);
      const bound = observe(played, (block) => ratio * (played[block - delay] ?? 0) + NOISE);
      expect(bound.limitRatios[delay]).toBeGreaterThan(ratio);
    }
  });

  it("somebody who speaks makes it no smaller", () => {
    for (const seed of seeds) {
      const played = speechPowers(seed, 60);
      const user = speechPowers(seed + 1_000, 60);
      const alone = observe(played, () => NOISE).limitRatios;
      const together = observe(played, (block) => NOISE + (user[block] ?? 0)).limitRatios;
      for (const [delay, limit] of together.entries()) expect(limit).toBeGreaterThanOrEqual(alone[delay] ?? 0);
    }
  });

  it("nothing is known from a microphone that is off, from what is hardly played, or from what is not placed", () => {
    const loud = new Array<number>(40).fill(200);
    const unknown = new EchoBound({ partitionCount: DELAYS }).limitRatios;
    expect(observe(loud, () => 0).limitRatios).toEqual(unknown);
    expect(
      observe(
        loud.map(() => 1),
        () => NOISE,
      ).limitRatios,
    ).toEqual(unknown);
    expect(observe(loud, () => NOISE, false).limitRatios).toEqual(unknown);
  });

  it("[E15] a microphone that opens in the middle of a block says nothing about that block", () => {
    const bound = new EchoBound({ partitionCount: DELAYS });
    for (let block = 0; block < 40; block++) bound.skip(200);
    bound.observe({ played: 200, microphone: NOISE, isPlaced: true });
    expect(bound.limitRatios).toEqual(new EchoBound({ partitionCount: DELAYS }).limitRatios);
  });

  it("fades, and is forgotten when what is played has moved", () => {
    const bound = observe(new Array<number>(40).fill(200), () => NOISE);
    const before = bound.limitRatios[0] ?? 0;
    for (let block = 0; block < 48; block++) bound.observe({ played: 200, microphone: 100, isPlaced: true });
    expect((bound.limitRatios[0] ?? 0) / before).toBeGreaterThan(9);
    bound.forget();
    expect(bound.limitRatios).toEqual(new EchoBound({ partitionCount: DELAYS }).limitRatios);
  });
});

import { describe, expect, it } from "vitest";
import { FakeClock } from "#testing/fake-clock";
import { WrongTokens } from "./wrong-tokens";

function world(): { clock: FakeClock; wrong: WrongTokens; guess(address: string, count: number): void } {
  const clock = new FakeClock();
  const wrong = new WrongTokens(clock);
  const guess = (address: string, count: number): void => {
    for (let i = 0; i < count; i++) wrong.count(address);
  };
  return { clock, wrong, guess };
}

describe("[P4] wrong tokens", () => {
  it("are looked at 20 times, and then once in 3 s", () => {
    const { clock, wrong, guess } = world();
    guess("10.0.0.2", 19);
    expect(wrong.mayTry("10.0.0.2")).toBe(true);
    guess("10.0.0.2", 1);
    expect(wrong.mayTry("10.0.0.2")).toBe(false);
    clock.advanceMs(2_900);
    expect(wrong.mayTry("10.0.0.2")).toBe(false);
    clock.advanceMs(200);
    expect(wrong.mayTry("10.0.0.2")).toBe(true);
    guess("10.0.0.2", 1);
    expect(wrong.mayTry("10.0.0.2")).toBe(false);
  });

  it.each([
    ["another IPv4 address", "10.0.0.2", "10.0.0.3"],
    ["another IPv6 network", "2001:db8:0:1::5", "2001:db8:0:2::5"],
  ])("of %s do not count", (_name, guilty, other) => {
    const { wrong, guess } = world();
    guess(guilty, 20);
    expect(wrong.mayTry(other)).toBe(true);
  });

  it.each([
    ["IPv4 inside IPv6", "10.0.0.2", "::ffff:10.0.0.2"],
    ["the same /64", "2001:db8::1:2:3:4", "2001:db8:0:0:ffff::"],
    ["a short form", "fe80::1", "fe80:0:0:0:a:b:c:d"],
  ])("of %s count as one", (_name, guilty, same) => {
    const { wrong, guess } = world();
    guess(guilty, 20);
    expect(wrong.mayTry(same)).toBe(false);
  });

  it("of many addresses take bounded memory, and the latest are kept", () => {
    const { wrong, guess } = world();
    guess("10.0.0.2", 19);
    for (let i = 0; i < 4_095; i++) wrong.count(`10.1.${i >> 8}.${i & 255}`);
    guess("10.0.0.2", 1);
    for (let i = 0; i < 4_000; i++) wrong.count(`10.2.${i >> 8}.${i & 255}`);
    expect(wrong.addressCount).toBe(4_096);
    expect(wrong.mayTry("10.0.0.2")).toBe(false);
  });
});

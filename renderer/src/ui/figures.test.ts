import { expect, test } from "vitest";
import { formatAge, formatBytes, formatMs, formatPercent, formatUptime, plural } from "./figures";

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [1_500_000, "1.4 MiB"],
  [250 * 1024 ** 2, "250 MiB"],
  [2 ** 50 * 3, "3072 TiB"],
])("%d bytes are %s", (bytes, words) => expect(formatBytes(bytes)).toBe(words));

test.each([
  [0.137, "0.14 ms"],
  [3.21, "3.2 ms"],
  [48.4, "48 ms"],
  [1234, "1.2 s"],
])("%d ms are %s", (durationMs, words) => expect(formatMs(durationMs)).toBe(words));

test.each([
  [12.9, "12 s"],
  [310, "5 min 10 s"],
  [7260, "2 h 1 min"],
  [273_600, "3 d 4 h"],
])("%d seconds of uptime are %s", (seconds, words) => expect(formatUptime(seconds)).toBe(words));

test("an age below a second is now", () => {
  expect(formatAge(900)).toBe("now");
  expect(formatAge(4200)).toBe("4 s ago");
});

test("a ratio just below one is not rounded up to all", () => {
  expect(formatPercent(0.9991)).toBe("99.91 %");
  expect(formatPercent(1)).toBe("100 %");
  expect(formatPercent(0.25)).toBe("25 %");
});

test("one of a thing has no plural", () => {
  expect([plural(0, "worker"), plural(1, "worker"), plural(1200, "worker")]).toEqual([
    "0 workers",
    "1 worker",
    "1,200 workers",
  ]);
});

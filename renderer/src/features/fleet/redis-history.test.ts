import { expect, test } from "vitest";
import type { RedisSnapshot } from "#contracts/protocol/admin";
import { addToHistory, byMinute, EMPTY_HISTORY, HISTORY_MS, summarise, type RedisHistory } from "./redis-history";

const ORIGIN = { source: "private", address: "unix" } as const;

function answer(runId: string, roundTripMs = 1): RedisSnapshot {
  const server = {
    version: "7.0.15",
    mode: "standalone",
    role: "master",
    runId,
    uptimeSeconds: 5,
    connectedClients: 2,
    maxClients: 100,
    usedMemoryBytes: 1000,
    maxMemoryBytes: 0,
    commandsPerSecond: 12,
    evictedKeys: 0,
    roundTripMs,
  };
  return { origin: ORIGIN, server };
}

function historyOf(...steps: [atMs: number, snapshot: RedisSnapshot][]): RedisHistory {
  return steps.reduce((history, [atMs, snapshot]) => addToHistory(history, snapshot, atMs), EMPTY_HISTORY);
}

test("samples older than ten minutes are forgotten", () => {
  const { samples } = historyOf([0, answer("a")], [2000, answer("a")], [HISTORY_MS + 1000, answer("a")]);
  expect(samples.map(({ atMs }) => atMs)).toEqual([2000, 2001, HISTORY_MS + 1000]);
});

test("a restart is marked at the first answer of the new process, also after an outage", () => {
  const down: RedisSnapshot = { origin: ORIGIN };
  const { samples } = historyOf([0, answer("a")], [2000, down], [4000, answer("b")], [6000, answer("b")]);
  expect(samples.map(({ isRestart }) => isRestart)).toEqual([false, false, true, false]);
  expect(samples[1]?.roundTripMs).toBeNull();
});

test("a time in which nobody looked is a gap and no line", () => {
  const { samples } = historyOf([0, answer("a")], [60_000, answer("a")]);
  expect(samples.map(({ roundTripMs }) => roundTripMs)).toEqual([1, null, 1]);
});

test("the history stays bounded when snapshots come fast", () => {
  let history = EMPTY_HISTORY;
  for (let atMs = 0; atMs < 3000; atMs += 1) history = addToHistory(history, answer("a"), atMs);
  expect(history.samples.length).toBeLessThanOrEqual(600);
});

test("a summary leaves out what was not answered", () => {
  const { samples } = historyOf([0, answer("a", 2)], [2000, { origin: ORIGIN }], [4000, answer("a", 4)]);
  expect(summarise(samples, "roundTripMs")).toEqual({ min: 2, mean: 3, max: 4 });
  expect(summarise(samples.slice(1, 2), "roundTripMs")).toBeUndefined();
});

test("minutes are listed newest first", () => {
  const { samples } = historyOf([59_000, answer("a")], [61_000, answer("a")], [63_000, answer("a")]);
  expect(byMinute(samples).map(({ startMs, samples: each }) => [startMs, each.length])).toEqual([
    [60_000, 2],
    [0, 1],
  ]);
});

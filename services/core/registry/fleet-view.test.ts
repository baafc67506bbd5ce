import { expect, it } from "vitest";
import type { WorkerSnapshot } from "#core/ports/worker-registry";
import { workerSnapshot } from "#testing/worker-snapshot";
import { emptyFleetView, isYoung, reduceFleetView, workersOf, type FleetViewEvent } from "./fleet-view";

const GRACE_MS = 12_000;

const worker = (name: string, changes: Partial<WorkerSnapshot> = {}): WorkerSnapshot =>
  workerSnapshot(name, { heartbeatAgeMs: 100, ...changes });
const list = (atMs: number, workers: WorkerSnapshot[], born = 1): FleetViewEvent => ({
  type: "list",
  born,
  workers,
  atMs,
});
const after = (...events: FleetViewEvent[]) =>
  events.reduce((state, event) => reduceFleetView(state, event, GRACE_MS), emptyFleetView);
const namesOf = (state: ReturnType<typeof after>, nowMs: number) => workersOf(state, nowMs).map(({ name }) => name);

it("[RG70] a list replaces what was known", () => {
  expect(namesOf(after(list(0, [worker("a"), worker("b")]), list(1, [worker("c"), worker("b")])), 1)).toEqual([
    "b",
    "c",
  ]);
});

it("[RG71] a row replaces one worker, and a worker without a row is gone", () => {
  const rows: FleetViewEvent = {
    type: "rows",
    rows: [
      { name: "a", snapshot: undefined },
      { name: "b", snapshot: worker("b", { state: "draining" }) },
    ],
    atMs: 5,
  };
  expect(workersOf(after(list(0, [worker("a"), worker("b")]), rows), 5)).toEqual([worker("b", { state: "draining" })]);
});

it("heartbeats age between two readings", () => {
  expect(workersOf(after(list(1_000, [worker("a")])), 1_500)[0]?.heartbeatAgeMs).toBe(600);
});

it("[RG74] after the link was made anew, missing and overdue workers stay for two TTLs, and no longer", () => {
  const known = list(0, [worker("missing"), worker("overdue"), worker("was overdue", { isLive: false })]);
  const now = [worker("overdue", { isLive: false }), worker("was overdue", { isLive: false })];
  const back: FleetViewEvent = { type: "begun-anew", untilMs: 100 + GRACE_MS };
  const young = after(known, back, list(100, now));
  expect(isYoung(young, 100)).toBe(true);
  expect(workersOf(young, 100).map(({ name, isLive }) => [name, isLive])).toEqual([
    ["missing", true],
    ["overdue", true],
    ["was overdue", false],
  ]);
  const grown = reduceFleetView(young, list(100 + GRACE_MS, now), GRACE_MS);
  expect(isYoung(grown, 100 + GRACE_MS)).toBe(false);
  expect(workersOf(grown, 100 + GRACE_MS).map(({ name, isLive }) => [name, isLive])).toEqual([
    ["overdue", false],
    ["was overdue", false],
  ]);
});

it("[RG74] data that began anew are young, though the link never broke", () => {
  const lost = after(list(0, [worker("a")], 1), list(50_000, [], 2));
  expect(namesOf(lost, 50_000)).toEqual(["a"]);
  expect(namesOf(reduceFleetView(lost, list(50_000 + GRACE_MS, [], 2), GRACE_MS), 70_000)).toEqual([]);
});

it("[RG74] a worker that unregistered is gone at once, in a young view too", () => {
  const gone: FleetViewEvent = { type: "rows", rows: [{ name: "a", snapshot: undefined }], atMs: 1 };
  expect(namesOf(after({ type: "begun-anew", untilMs: GRACE_MS }, list(0, [worker("a")]), gone), 1)).toEqual([]);
});

import type { WorkerSnapshot } from "../ports/worker-registry";

/** What is known of the fleet from the registry's lists and rows; instants on the watcher's own clock. Rules RG70 to RG74. */
export interface FleetViewState {
  workers: ReadonlyMap<string, SeenWorker>;
  /** Number at which the registry's data began; another one: they were lost. */
  born: number | undefined;
  /** Until then a missing or overdue worker may only not be back yet. */
  youngUntilMs: number;
}

interface SeenWorker {
  snapshot: WorkerSnapshot;
  seenAtMs: number;
}

export type FleetViewEvent =
  /** The link to the registry, or the server, began anew a moment ago. */
  | { type: "begun-anew"; untilMs: number }
  | { type: "list"; born: number; workers: readonly WorkerSnapshot[]; atMs: number }
  /** Rows of workers that have changed; without a snapshot there is none by that name any more. */
  | { type: "rows"; rows: readonly { name: string; snapshot: WorkerSnapshot | undefined }[]; atMs: number };

export const emptyFleetView: FleetViewState = { workers: new Map(), born: undefined, youngUntilMs: -Infinity };

export function reduceFleetView(state: FleetViewState, event: FleetViewEvent, graceMs: number): FleetViewState {
  switch (event.type) {
    case "begun-anew":
      return { ...state, youngUntilMs: Math.max(state.youngUntilMs, event.untilMs) };
    case "list":
      return takeList(state, event, graceMs);
    case "rows":
      return takeRows(state, event);
  }
}

export function isYoung(state: FleetViewState, nowMs: number): boolean {
  return nowMs < state.youngUntilMs;
}

/** By name, with the heartbeats' ages as of now. */
export function workersOf(state: FleetViewState, nowMs: number): WorkerSnapshot[] {
  return [...state.workers.values()]
    .map(({ snapshot, seenAtMs }) => ({ ...snapshot, heartbeatAgeMs: snapshot.heartbeatAgeMs + nowMs - seenAtMs }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function takeList(
  state: FleetViewState,
  { born, workers, atMs }: Extract<FleetViewEvent, { type: "list" }>,
  graceMs: number,
): FleetViewState {
  const isLost = state.born !== undefined && state.born !== born;
  const youngUntilMs = isLost ? atMs + graceMs : state.youngUntilMs;
  const listed = new Map(workers.map((snapshot) => [snapshot.name, seen(state, snapshot, { atMs, youngUntilMs })]));
  const kept = atMs < youngUntilMs ? [...state.workers].filter(([name]) => !listed.has(name)) : [];
  return { workers: new Map([...kept, ...listed]), born, youngUntilMs };
}

function takeRows(state: FleetViewState, { rows, atMs }: Extract<FleetViewEvent, { type: "rows" }>): FleetViewState {
  const workers = new Map(state.workers);
  for (const { name, snapshot } of rows) {
    if (snapshot === undefined) workers.delete(name);
    else workers.set(name, seen(state, snapshot, { atMs, youngUntilMs: state.youngUntilMs }));
  }
  return { ...state, workers };
}

/** In a young view an overdue worker stays as live as it was. */
function seen(
  state: FleetViewState,
  snapshot: WorkerSnapshot,
  { atMs, youngUntilMs }: { atMs: number; youngUntilMs: number },
): SeenWorker {
  const wasLive = state.workers.get(snapshot.name)?.snapshot.isLive === true;
  return { snapshot: { ...snapshot, isLive: snapshot.isLive || (atMs < youngUntilMs && wasLive) }, seenAtMs: atMs };
}

import { memo } from "react";
import { isForeignWorker } from "#contracts/registry/worker-record";
import { formatAge, formatMs, plural } from "../../ui/figures";
import type { PendingChange } from "./fleet-store";
import { loadOf, type RowState, type WorkerRow } from "./worker-rows";

const stateWords: Record<RowState, string> = {
  ready: "Ready",
  starting: "Starting",
  draining: "Draining",
  drained: "Drained",
  overdue: "Overdue",
};

interface WorkerLineProps {
  row: WorkerRow;
  /** Among all rows, from 0. */
  index: number;
  topPx: number;
  pending: PendingChange | undefined;
  onChange: (name: string, change: PendingChange) => void;
}

/** One worker. */
export const WorkerLine = memo(function WorkerLine({ row, index, topPx, pending, onChange }: WorkerLineProps) {
  const { worker, state, isSpeaking } = row;
  const { info, stats } = worker;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="worker-line worker-columns"
      style={{ transform: `translateY(${topPx}px)` }}
      data-testid="worker"
      data-state={state}
    >
      <div role="cell" className="worker-name">
        <span className="worker-title" title={worker.name}>
          {worker.name}
          {isSpeaking && <span className="speaking">speaking</span>}
        </span>
        <span className="quiet">
          {isForeignWorker(info) && "foreign · "}
          {info.host} · {info.device === "gpu" ? "graphics card" : "processor"}
        </span>
      </div>
      <div role="cell" className="worker-state">
        <i aria-hidden="true" />
        {stateWords[state]}
      </div>
      <div role="cell" className="worker-load">
        <span title="Answers being spoken, and places taken by a lease">
          {stats?.inUse ?? worker.inUse} of {worker.capacity} <span className="quiet">· {worker.inUse} leased</span>
        </span>
        <span className="load-bar" aria-hidden="true">
          <i style={{ width: `${loadOf(worker) * 100}%` }} />
        </span>
      </div>
      <div role="cell" className="worker-voices" data-label="Voices" title={info.voices.join(", ")}>
        {info.voices.length <= 2 ? info.voices.join(", ") : plural(info.voices.length, "voice")}
      </div>
      <div role="cell" data-label="First audio">
        {stats?.ttfaMs === undefined ? <NotMeasured /> : formatMs(stats.ttfaMs)}
      </div>
      <div role="cell" data-label="Real-time factor">
        {stats?.realTimeFactor === undefined ? <NotMeasured /> : stats.realTimeFactor.toFixed(2)}
      </div>
      <div role="cell" data-label="Heartbeat">
        {formatAge(worker.heartbeatAgeMs)}
      </div>
      <div role="cell" className="worker-action">
        <DrainButton row={row} pending={pending} onChange={onChange} />
      </div>
    </div>
  );
});

function NotMeasured() {
  return (
    <>
      <span aria-hidden="true">–</span>
      <span className="visually-hidden">not measured</span>
    </>
  );
}

function DrainButton({ row, pending, onChange }: Pick<WorkerLineProps, "row" | "pending" | "onChange">) {
  const { name, state } = row.worker;
  if (row.state === "overdue") return null;
  const change: PendingChange = state === "draining" ? "undrain" : "drain";
  const words = change === "drain" ? "Drain" : "Undrain";
  // Not disabled while it is under way: the keyboard would lose its place.
  return (
    <button
      type="button"
      className="button-quiet"
      aria-label={`${words} ${name}`}
      aria-busy={pending !== undefined}
      onClick={() => {
        if (pending === undefined) onChange(name, change);
      }}
    >
      {pending === undefined ? words : "…"}
    </button>
  );
}

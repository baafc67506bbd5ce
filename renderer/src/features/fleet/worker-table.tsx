import { memo, useDeferredValue, useMemo, useRef, useState } from "react";
import type { FleetSnapshot } from "#contracts/protocol/admin";
import { useElementSize } from "./use-element-size";
import type { PendingChange } from "./fleet-store";
import { WorkerLine } from "./worker-line";
import { selectRows, type WorkerOrder, type WorkerSort } from "./worker-rows";

const COLUMNS: readonly { title: string; sort?: WorkerSort }[] = [
  { title: "Worker", sort: "name" },
  { title: "State", sort: "state" },
  { title: "Load", sort: "load" },
  { title: "Voices" },
  { title: "First audio", sort: "first-audio" },
  { title: "Real-time factor", sort: "real-time" },
  { title: "Heartbeat", sort: "heartbeat" },
  { title: "Action" },
];

/** Heights of a row; the style sheet has the same. Narrow rows hold a worker in several lines. */
const ROW_PX = { wide: 60, narrow: 190 } as const;
const NARROW_BELOW_PX = 860;
/** Rows above and below what is seen, so that scrolling does not show blanks. */
const SPARE_ROWS = 4;

interface WorkerTableProps {
  fleet: FleetSnapshot;
  pending: ReadonlyMap<string, PendingChange>;
  onChange: (name: string, change: PendingChange) => void;
}

/** All workers, of which only the rows in view are in the page: a thousand cost as much as ten. */
export const WorkerTable = memo(function WorkerTable({ fleet, pending, onChange }: WorkerTableProps) {
  const [query, setQuery] = useState("");
  const [order, setOrder] = useState<WorkerOrder>({ by: "name", isDescending: false });
  const deferredQuery = useDeferredValue(query);
  const rows = useMemo(() => selectRows(fleet, deferredQuery, order), [fleet, deferredQuery, order]);

  const scroller = useRef<HTMLDivElement>(null);
  const { widthPx, heightPx } = useElementSize(scroller);
  const [scrollTopPx, setScrollTopPx] = useState(0);
  const isNarrow = widthPx < NARROW_BELOW_PX;
  const rowPx = isNarrow ? ROW_PX.narrow : ROW_PX.wide;
  const first = Math.max(0, Math.min(Math.floor(scrollTopPx / rowPx), rows.length - 1) - SPARE_ROWS);
  const shown = rows.slice(first, first + Math.ceil(heightPx / rowPx) + 2 * SPARE_ROWS);

  return (
    <div className="workers" data-narrow={isNarrow}>
      <div className="field-row">
        <label className="field">
          <span className="field-label">Find a worker</span>
          <input
            type="search"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            placeholder="Name, host, state, voice"
          />
        </label>
        {isNarrow && <SortPicker order={order} onSort={setOrder} />}
      </div>
      <p className="quiet" role="status">
        {deferredQuery.trim() !== "" && `${rows.length} of ${fleet.workers.length} found`}
      </p>
      <div
        ref={scroller}
        className="worker-scroller"
        role="region"
        aria-label="List of workers"
        tabIndex={0}
        onScroll={(event) => setScrollTopPx(event.currentTarget.scrollTop)}
      >
        <div role="table" aria-label="Workers" aria-rowcount={rows.length + 1}>
          <div role="rowgroup" className={isNarrow ? "visually-hidden" : "worker-head"}>
            <div role="row" aria-rowindex={1} className="worker-columns">
              {COLUMNS.map(({ title, sort }) => (
                <div
                  key={title}
                  role="columnheader"
                  aria-sort={sort === order.by ? (order.isDescending ? "descending" : "ascending") : undefined}
                >
                  {sort === undefined || isNarrow ? (
                    title
                  ) : (
                    <button type="button" className="sort" onClick={() => setOrder(nextOrder(order, sort))}>
                      {title}
                      <span aria-hidden="true">{sort === order.by ? (order.isDescending ? " ↓" : " ↑") : ""}</span>
                    </button>
                  )}
                </div>
              ))}
            </div>
          </div>
          <div role="rowgroup" className="worker-rows" style={{ height: rows.length * rowPx }}>
            {shown.map((row, i) => (
              <WorkerLine
                key={row.worker.name}
                row={row}
                index={first + i}
                topPx={(first + i) * rowPx}
                pending={pending.get(row.worker.name)}
                onChange={onChange}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
});

/** A second click on the same column turns the order round. Figures begin with the largest. */
function nextOrder(order: WorkerOrder, by: WorkerSort): WorkerOrder {
  if (order.by === by) return { by, isDescending: !order.isDescending };
  return { by, isDescending: by !== "name" && by !== "state" };
}

function SortPicker({ order, onSort }: { order: WorkerOrder; onSort: (order: WorkerOrder) => void }) {
  return (
    <label className="field">
      <span className="field-label">Sorted by</span>
      <select
        value={order.by}
        onChange={(event) => {
          const column = COLUMNS.find(({ sort }) => sort === event.target.value);
          if (column?.sort !== undefined) onSort(nextOrder({ by: "name", isDescending: true }, column.sort));
        }}
      >
        {COLUMNS.map(
          ({ title, sort }) =>
            sort !== undefined && (
              <option key={sort} value={sort}>
                {title}
              </option>
            ),
        )}
      </select>
    </label>
  );
}

import { useCallback, useSyncExternalStore } from "react";
import type { AdminPort } from "../../ui/admin-port";
import "../../ui/board.css";
import { LinkBanner } from "../../ui/link-banner";
import { ProblemNote } from "../../ui/problem-note";
import { UndoNotice } from "../../ui/undo-notice";
import { AddressTrial } from "./address-trial";
import "./fleet.css";
import { FleetStore, type PendingChange } from "./fleet-store";
import { RedisCard } from "./redis-card";
import { fleetSummary } from "./worker-rows";
import { WorkerTable } from "./worker-table";

/** One for each link, so that the charts outlast a visit to another screen. */
const stores = new WeakMap<AdminPort, FleetStore>();

function storeOf(admin: AdminPort): FleetStore {
  const known = stores.get(admin);
  if (known !== undefined) return known;
  const store = new FleetStore(admin, () => Date.now());
  stores.set(admin, store);
  return store;
}

/** Redis and the voice workers: how they fare, and taking a worker out of service. */
export function FleetScreen({ admin }: { admin: AdminPort }) {
  const store = storeOf(admin);
  const view = useSyncExternalStore(store.subscribe, store.getView);
  const change = useCallback((name: string, wanted: PendingChange) => void store.change(name, wanted), [store]);
  const { fleet, redis } = view;
  const banner = redis?.origin.banner;
  return (
    <>
      <div className="board">
        <div className="board-column">
          <h1>Fleet</h1>
          <LinkBanner admin={admin} />
          {banner !== undefined && (
            <p className="banner" role="note">
              {banner}
            </p>
          )}
          {fleet === undefined ? (
            <p className="quiet">Asking for the workers…</p>
          ) : (
            <section className="card" aria-labelledby="workers-title">
              <div className="card-head">
                <h2 id="workers-title">Voice workers</h2>
                <p className="quiet">{fleetSummary(fleet)}</p>
              </div>
              <ProblemNote problem={fleet.error} />
              <ProblemNote problem={view.problem} />
              {fleet.workers.length === 0 ? (
                <p>
                  Nobody can speak for Parley now. Start a worker with <code>npm run parley -- worker</code>.
                </p>
              ) : (
                <WorkerTable fleet={fleet} pending={view.pending} onChange={change} />
              )}
            </section>
          )}
          {redis !== undefined && <RedisCard redis={redis} samples={view.history.samples} />}
          <AddressTrial admin={admin} isChosen={redis?.origin.source === "settings"} />
        </div>
      </div>
      <UndoNotice notice={view.notice} onGone={store.dismissNotice} />
    </>
  );
}

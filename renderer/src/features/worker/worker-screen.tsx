import { useSyncExternalStore } from "react";
import type { RedisSnapshot } from "#contracts/protocol/admin";
import type { AdminPort } from "../../ui/admin-port";
import "../../ui/board.css";
import { formatAge } from "../../ui/figures";
import { LinkBanner } from "../../ui/link-banner";
import { ProblemNote } from "../../ui/problem-note";
import { wordsOfSource } from "../fleet/redis-words";
import { rowState } from "../fleet/worker-rows";
import { isOwnComputerOnly, workerWords, type WorkerStatusStore } from "./worker-status";
import "./worker.css";

interface WorkerScreenProps {
  admin: AdminPort;
  store: WorkerStatusStore;
}

/** Instead of the conversation, where this computer is a worker for others: how that one fares. */
export function WorkerScreen({ admin, store }: WorkerScreenProps) {
  const { worker, redis, fleetProblem, problem } = useSyncExternalStore(store.subscribe, store.getStatus);
  const isDraining = worker?.state === "draining";
  return (
    <div className="board">
      <div className="board-column is-narrow">
        <h1>Worker</h1>
        <p>This computer speaks for others. Conversations are held elsewhere; Settings changes that.</p>
        <LinkBanner admin={admin} />
        <section className="card" aria-labelledby="own-worker-title">
          <div className="card-head">
            <h2 id="own-worker-title">{worker?.name ?? "This computer’s worker"}</h2>
            <p className="quiet" role="status" data-state={worker && rowState(worker)}>
              {workerWords({ worker })}
            </p>
          </div>
          {worker !== undefined && (
            <dl className="worker-facts">
              <Fact label="Address" value={`${worker.info.address}${worker.info.isTls === true ? ", by TLS" : ""}`} />
              <Fact label="Sessions" value={`${worker.inUse} of ${worker.capacity}`} />
              <Fact label="Voices" value={worker.info.voices.join(", ")} />
              <Fact label="Last heartbeat" value={formatAge(worker.heartbeatAgeMs)} />
              {redis !== undefined && <Fact label="Redis" value={redisWords(redis)} />}
            </dl>
          )}
          <ReachNote address={worker?.info.address} redis={redis} />
          <ProblemNote problem={fleetProblem ?? redis?.error ?? problem} />
          {worker !== undefined && (
            <button type="button" className="button-quiet fit" onClick={() => void store.setDraining(!isDraining)}>
              {isDraining ? "Serve again" : "Drain"}
            </button>
          )}
          {worker !== undefined && (
            <p className="quiet">
              {isDraining
                ? "What it speaks is finished; nothing new is taken."
                : "Draining lets it finish what it speaks and take nothing new, for instance before this computer is switched off."}
            </p>
          )}
        </section>
      </div>
    </div>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function redisWords(redis: RedisSnapshot): string {
  return redis.origin.source === "in-process"
    ? wordsOfSource(redis)
    : `${wordsOfSource(redis)}, ${redis.origin.address}`;
}

/** Why nobody else can use it, and what to do. */
function ReachNote({ address, redis }: { address: string | undefined; redis: RedisSnapshot | undefined }) {
  const isPrivate = redis?.origin.source === "private" || redis?.origin.source === "in-process";
  if (isPrivate)
    return (
      <p className="banner" role="note">
        No other computer can find this worker: it is registered in Parley’s own Redis. Choose the Redis of your fleet
        in <a href="#/fleet">Fleet</a>.
      </p>
    );
  if (address === undefined || !isOwnComputerOnly(address)) return null;
  return (
    <p className="banner" role="note">
      Only this computer can reach the worker, as it listens on {address}. Start Parley with PARLEY_TOKEN set and{" "}
      <code>--advertise</code> followed by an address of this computer, for instance 192.168.1.20:7001.
    </p>
  );
}

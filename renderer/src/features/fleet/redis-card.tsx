import type { RedisSnapshot } from "#contracts/protocol/admin";
import { ProblemNote } from "../../ui/problem-note";
import { RedisCharts } from "./redis-charts";
import type { RedisSample } from "./redis-history";
import { alarmWords, serverFigures, wordsOfSource } from "./redis-words";

interface RedisCardProps {
  redis: RedisSnapshot;
  samples: readonly RedisSample[];
}

/** Where the registry lives and how it fares. */
export function RedisCard({ redis, samples }: RedisCardProps) {
  const { origin, server, error } = redis;
  const isInProcess = origin.source === "in-process";
  const alarm = server === undefined ? undefined : alarmWords(server);
  return (
    <section className="card" aria-labelledby="redis-title">
      <div className="card-head">
        <h2 id="redis-title">Redis</h2>
        <p className="quiet redis-state" data-state={error === undefined ? "well" : "ill"}>
          {isInProcess ? "Not used" : error === undefined ? "Answers" : "Does not answer"}
        </p>
      </div>
      <p className="redis-source">
        {wordsOfSource(redis)}
        {!isInProcess && (
          <>
            , at <code>{origin.address}</code>
          </>
        )}
        .
      </p>
      <ProblemNote problem={error} />
      {alarm !== undefined && (
        <p className="alarm" role="alert">
          {alarm}
        </p>
      )}
      {server !== undefined && (
        <dl className="figures">
          {serverFigures(server).map(({ label, value, note, isAlarm }) => (
            <div key={label} data-alarm={isAlarm}>
              <dt>{label}</dt>
              <dd>
                {value}
                {note !== undefined && <small> {note}</small>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {!isInProcess && <RedisCharts samples={samples} />}
    </section>
  );
}

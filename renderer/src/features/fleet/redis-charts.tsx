import { memo } from "react";
import { formatBytes, formatCount, formatMs } from "../../ui/figures";
import { byMinute, summarise, type RedisFigure, type RedisSample } from "./redis-history";
import { clockTime, TimeChart } from "./time-chart";

const formatRate = (perSecond: number): string => `${formatCount(perSecond)} / s`;

const CHARTS: readonly { figure: RedisFigure; title: string; format: (value: number) => string }[] = [
  { figure: "roundTripMs", title: "Round trip", format: formatMs },
  { figure: "commandsPerSecond", title: "Commands", format: formatRate },
  { figure: "usedMemoryBytes", title: "Memory", format: formatBytes },
];

/** The last ten minutes as pictures, as words, and as a table. */
export const RedisCharts = memo(function RedisCharts({ samples }: { samples: readonly RedisSample[] }) {
  const restarts = samples.filter(({ isRestart }) => isRestart);
  return (
    <div className="redis-charts">
      <div className="chart-row">
        {CHARTS.map(({ figure, title, format }) => (
          <figure key={figure}>
            <figcaption>
              <span className="field-label">{title}</span>
              <span className="quiet">{rangeWords(samples, figure, format)}</span>
            </figcaption>
            <TimeChart samples={samples} figure={figure} format={format} />
          </figure>
        ))}
      </div>
      {restarts.length > 0 && (
        <p className="quiet restart-words">
          Redis was restarted at {restarts.map(({ atMs }) => clockTime(atMs)).join(", ")}.
        </p>
      )}
      <details>
        <summary className="quiet">The last ten minutes as a table</summary>
        <MinuteTable samples={samples} />
      </details>
    </div>
  );
});

function rangeWords(samples: readonly RedisSample[], figure: RedisFigure, format: (value: number) => string): string {
  const range = summarise(samples, figure);
  return range === undefined ? "not measured yet" : `${format(range.min)} to ${format(range.max)}`;
}

function MinuteTable({ samples }: { samples: readonly RedisSample[] }) {
  return (
    <table className="minute-table">
      <caption className="visually-hidden">Means of each minute, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Minute</th>
          {CHARTS.map(({ figure, title }) => (
            <th key={figure} scope="col">
              {title}
            </th>
          ))}
          <th scope="col">Notes</th>
        </tr>
      </thead>
      <tbody>
        {byMinute(samples).map(({ startMs, samples: minute }) => (
          <tr key={startMs}>
            <th scope="row">{clockTime(startMs)}</th>
            {CHARTS.map(({ figure, format }) => {
              const range = summarise(minute, figure);
              return <td key={figure}>{range === undefined ? "no answer" : format(range.mean)}</td>;
            })}
            <td>{minute.some(({ isRestart }) => isRestart) ? "restarted" : ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

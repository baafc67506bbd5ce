import type { TurnMetrics } from "#contracts/protocol/server-message";
import { answerTimesMs, percentile, STAGE_NAMES, STAGE_TITLES, stagesOf, tookMs, type Stage } from "./waterfall";

interface LatencyPanelProps {
  id: string;
  /** Of the session, oldest first. */
  metrics: readonly TurnMetrics[];
}

/** Where the time of the last answer went, and how the session has been. */
export function LatencyPanel({ id, metrics }: LatencyPanelProps) {
  const last = metrics.findLast(({ playoutStartMs }) => playoutStartMs !== undefined) ?? metrics.at(-1);
  return (
    <section id={id} className="latency" aria-label="Latency" tabIndex={0}>
      {last === undefined ? (
        <p className="latency-empty">After the first answer, this shows where its time went.</p>
      ) : (
        <>
          <Summary last={last} metrics={metrics} />
          <StageTable last={last} metrics={metrics} />
        </>
      )}
    </section>
  );
}

function Summary({ last, metrics }: { last: TurnMetrics; metrics: readonly TurnMetrics[] }) {
  const times = answerTimesMs(metrics);
  return (
    <div className="latency-summary">
      <p>{summaryWords(last)}</p>
      <dl>
        <Figure name="p50" value={percentile(times, 50)} />
        <Figure name="p95" value={percentile(times, 95)} />
        <div>
          <dt title="Answers of this session">n</dt>
          <dd>{times.length}</dd>
        </div>
      </dl>
    </div>
  );
}

function Figure({ name, value }: { name: string; value: number | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value === undefined ? "–" : msWords(value)}</dd>
    </div>
  );
}

/** The chart in a sentence. */
export function summaryWords(last: TurnMetrics): string {
  const { playoutStartMs, finalTranscriptMs, worker } = last;
  const from = finalTranscriptMs === undefined ? "you sent your text" : "you stopped speaking";
  if (playoutStartMs === undefined) return `The last answer was stopped before it was heard.`;
  const longest = stagesOf(last).reduce<Stage | undefined>(
    (most, stage) => (most === undefined || tookMs(stage) > tookMs(most) ? stage : most),
    undefined,
  );
  const most =
    longest === undefined ? "" : ` Longest: ${STAGE_TITLES[longest.name].toLowerCase()}, ${msWords(tookMs(longest))}.`;
  const by = worker === undefined ? "" : ` by ${worker}`;
  return `Answered aloud${by} ${msWords(playoutStartMs)} after ${from}.${most}`;
}

function StageTable({ last, metrics }: { last: TurnMetrics; metrics: readonly TurnMetrics[] }) {
  const stages = stagesOf(last);
  const totalMs = Math.max(1, ...stages.map(({ endMs }) => endMs));
  const all = metrics.map(stagesOf);
  return (
    <table className="latency-table">
      <thead>
        <tr>
          <th scope="col">Stage</th>
          <th scope="col" className="latency-chart-head">
            <span className="visually-hidden">When</span>
            <span aria-hidden="true">0</span>
            <span aria-hidden="true">{msWords(totalMs)}</span>
          </th>
          <th scope="col">Took</th>
          <th scope="col">p50</th>
          <th scope="col">p95</th>
        </tr>
      </thead>
      <tbody>
        {STAGE_NAMES.flatMap((name) => stages.find((stage) => stage.name === name) ?? []).map((stage) => {
          const times = all.flatMap((turn) => turn.filter(({ name }) => name === stage.name).map(tookMs));
          return (
            <tr key={stage.name}>
              <th scope="row">{STAGE_TITLES[stage.name]}</th>
              <td className="latency-track">
                <div className="latency-lane">
                  <StageBar stage={stage} totalMs={totalMs} />
                </div>
              </td>
              <td>{msWords(tookMs(stage))}</td>
              <td>{msWords(percentile(times, 50) ?? 0)}</td>
              <td>{msWords(percentile(times, 95) ?? 0)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function StageBar({ stage, totalMs }: { stage: Stage; totalMs: number }) {
  const leftPercent = (stage.startMs / totalMs) * 100;
  const widthPercent = (tookMs(stage) / totalMs) * 100;
  return (
    <>
      <span className="visually-hidden">
        {msWords(stage.startMs)} to {msWords(stage.endMs)}
      </span>
      <span
        className="latency-bar"
        data-stage={stage.name}
        aria-hidden="true"
        style={{ left: `${leftPercent}%`, width: `max(3px, ${widthPercent}%)` }}
      />
    </>
  );
}

export function msWords(ms: number): string {
  return `${Math.round(ms)} ms`;
}

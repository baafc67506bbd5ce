import type { Random } from "#core/ports/ids";
import type { FinishedTurn } from "#core/ports/turn-tracer";

interface Attribute {
  key: string;
  value: { stringValue: string } | { intValue: string };
}

/** A span as OTLP/HTTP has it in JSON (opentelemetry-proto, trace.proto): ids in hex, instants in ns as text. */
export interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
}

const INTERNAL = 1;

const STAGES = {
  endpointMs: "endpoint",
  finalTranscriptMs: "final transcript",
  brainFirstTokenMs: "brain's first token",
  firstClauseMs: "first clause",
  leaseMs: "lease",
  workerFirstFrameMs: "worker's first frame",
  firstFrameSentMs: "first frame sent",
  playoutStartMs: "playout",
} as const;

/**
 * One span for the turn, and below it one for each stage that it reached: from the end of the user's speech to the
 * stage. What was ready before that end has a span that ends there.
 */
export function turnSpans(turn: FinishedTurn, options: { originUnixMs: number; random: Random }): Span[] {
  const hex = (bytes: number): string =>
    Array.from({ length: bytes }, () =>
      Math.floor(options.random() * 256)
        .toString(16)
        .padStart(2, "0"),
    ).join("");
  const traceId = hex(16);
  const at = (ms: number): string => String(BigInt(Math.round((options.originUnixMs + ms) * 1_000)) * 1_000n);
  const span = (name: string, fromMs: number, toMs: number): Span => ({
    traceId,
    spanId: hex(8),
    name,
    kind: INTERNAL,
    startTimeUnixNano: at(fromMs),
    endTimeUnixNano: at(toMs),
    attributes: [],
  });
  const { metrics } = turn;
  const root: Span = {
    ...span("agent turn", 0, Math.max(0, turn.endedAtMs - turn.originAtMs)),
    attributes: [
      { key: "session.id", value: { stringValue: turn.sessionId } },
      { key: "parley.turn", value: { intValue: String(turn.turn) } },
      { key: "parley.end_reason", value: { stringValue: turn.reason } },
      ...(metrics.worker === undefined ? [] : [{ key: "parley.worker", value: { stringValue: metrics.worker } }]),
      { key: "parley.overlaps", value: { intValue: String(metrics.overlaps ?? 0) } },
      { key: "parley.rewinds", value: { intValue: String(metrics.rewinds ?? 0) } },
    ],
  };
  const stages = Object.keys(STAGES) as (keyof typeof STAGES)[];
  const children = stages.flatMap((stage) => {
    const reachedMs = metrics[stage];
    if (reachedMs === undefined) return [];
    return [{ ...span(STAGES[stage], Math.min(0, reachedMs), Math.max(0, reachedMs)), parentSpanId: root.spanId }];
  });
  return [root, ...children];
}

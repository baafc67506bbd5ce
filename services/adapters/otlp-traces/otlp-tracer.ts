import type { Clock } from "#core/ports/clock";
import type { Random } from "#core/ports/ids";
import type { Logger } from "#core/ports/logger";
import type { TurnTracer } from "#core/ports/turn-tracer";
import { turnSpans, type Span } from "./turn-spans";

export interface OtlpTracerOptions {
  /** Of an OpenTelemetry collector, without path: `http://127.0.0.1:4318`. */
  endpoint: string;
  clock: Clock;
  log: Logger;
  random: Random;
}

export interface OtlpTracer extends TurnTracer {
  /** Sends what is waiting. Never rejects. */
  close(): Promise<void>;
}

const SEND_EVERY_MS = 2_000;
const SEND_LIMIT_MS = 5_000;
/** About 500 turns; the oldest spans are dropped beyond that. */
const MAX_WAITING = 4_500;

/** Sends a span for every turn to a collector, by OTLP/HTTP in JSON. What it does not take is dropped. */
export function createOtlpTracer({ endpoint, clock, log, random }: OtlpTracerOptions): OtlpTracer {
  const url = `${endpoint.replace(/\/+$/, "")}/v1/traces`;
  let waiting: Span[] = [];
  let isFailing = false;
  let sending = Promise.resolve();

  const send = async (spans: readonly Span[]): Promise<void> => {
    try {
      const answer = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(bodyOf(spans)),
        signal: AbortSignal.timeout(SEND_LIMIT_MS),
      });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`the collector answers ${answer.status}`);
      isFailing = false;
    } catch (error) {
      if (!isFailing) log.warn("spans could not be sent", { error: String(error), url });
      isFailing = true;
    }
  };
  /** One after the other, so that a slow collector has one request at a time. */
  const flush = (): void => {
    if (waiting.length === 0) return;
    sending = sending.then(async () => {
      const spans = waiting;
      waiting = [];
      if (spans.length > 0) await send(spans);
    });
  };
  const ticking = clock.setRepeating(SEND_EVERY_MS, flush);
  return {
    turnEnded(turn) {
      const originUnixMs = clock.wallTime().getTime() - (clock.nowMs() - turn.originAtMs);
      waiting.push(...turnSpans(turn, { originUnixMs, random }));
      waiting = waiting.slice(-MAX_WAITING);
    },
    close() {
      ticking.dispose();
      flush();
      return sending;
    },
  };
}

function bodyOf(spans: readonly Span[]): object {
  const attributes = [{ key: "service.name", value: { stringValue: "parley-orchestrator" } }];
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: "parley" }, spans }] }] };
}

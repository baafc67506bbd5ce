import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createSeededRandom } from "#core/random/seeded-random";
import { silentLogger } from "#core/ports/logger";
import type { FinishedTurn } from "#core/ports/turn-tracer";
import { FakeClock } from "#testing/fake-clock";
import { createOtlpTracer } from "./otlp-tracer";
import type { Span } from "./turn-spans";

const turn: FinishedTurn = {
  sessionId: "session-1",
  turn: 3,
  reason: "completed",
  originAtMs: 0,
  endedAtMs: 2_500,
  metrics: { turn: 3, finalTranscriptMs: -40, endpointMs: 350.5, playoutStartMs: 420, worker: "worker-a", overlaps: 1 },
};

interface Body {
  resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
}

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function collector(
  status = 200,
): Promise<{ endpoint: string; bodies: Body[]; received: () => Promise<unknown> }> {
  const bodies: Body[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part: Buffer) => (text += part.toString()));
    request.on("end", () => {
      if (request.url === "/v1/traces") bodies.push(JSON.parse(text) as Body);
      response.writeHead(status).end();
      server.emit("received");
    });
  }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}/`, bodies, received: () => once(server, "received") };
}

function tracerTo(endpoint: string, log = silentLogger) {
  const clock = new FakeClock();
  return { clock, tracer: createOtlpTracer({ endpoint, clock, log, random: createSeededRandom(1, "spans") }) };
}

it("a collector gets a span for the turn and one for each stage, with ids and times alone", async () => {
  const { endpoint, bodies, received } = await collector();
  const { clock, tracer } = tracerTo(endpoint);
  tracer.turnEnded(turn);
  const arrived = received();
  clock.advanceMs(2_000);
  await arrived;
  const [root, ...stages] = bodies[0]?.resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
  expect(root?.traceId).toMatch(/^[\da-f]{32}$/);
  expect(root?.spanId).toMatch(/^[\da-f]{16}$/);
  expect(root?.attributes).toContainEqual({ key: "session.id", value: { stringValue: "session-1" } });
  expect(root?.attributes).toContainEqual({ key: "parley.worker", value: { stringValue: "worker-a" } });
  const lengthMs = (span: Span | undefined): number =>
    Number(BigInt(span?.endTimeUnixNano ?? 0) - BigInt(span?.startTimeUnixNano ?? 0)) / 1e6;
  expect(lengthMs(root)).toBe(2_500);
  expect(stages.map((stage) => [stage.name, lengthMs(stage)])).toEqual([
    ["endpoint", 350.5],
    ["final transcript", 40],
    ["playout", 420],
  ]);
  expect(stages.every((stage) => stage.parentSpanId === root?.spanId && stage.traceId === root?.traceId)).toBe(true);
  await tracer.close();
});

it("what is waiting is sent at the end", async () => {
  const { endpoint, bodies } = await collector();
  const { tracer } = tracerTo(endpoint);
  tracer.turnEnded(turn);
  await tracer.close();
  expect(bodies).toHaveLength(1);
});

it.each([503, undefined])(
  "a collector that refuses or is not there (%s) is told once and harms nobody",
  async (status) => {
    const endpoint = status === undefined ? "http://127.0.0.1:1" : (await collector(status)).endpoint;
    const warnings: string[] = [];
    const { tracer } = tracerTo(endpoint, { ...silentLogger, warn: (message) => void warnings.push(message) });
    tracer.turnEnded(turn);
    await tracer.close();
    tracer.turnEnded(turn);
    await tracer.close();
    expect(warnings).toEqual(["spans could not be sent"]);
  },
);

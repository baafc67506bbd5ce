import { systemClock } from "#adapters/system/system-clock";
import { sleep } from "#core/lifecycle/sleep";
import type { WorkerRegistry } from "#core/ports/worker-registry";
import { createSeededRandom } from "#core/random/seeded-random";
import { single, type Measure } from "#score/figures/measure";
import { connectHolder } from "../../bin/fleet";
import { loadBuiltinConfig, withOwnHost, type OwnHost } from "../../bin/own-host";
import { places } from "../../bin/places";
import { readRssMb } from "../../bin/process-figures";
import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../benchmark";
import { withVoice } from "../bench-voice";
import { readValue } from "../prometheus-text";
import { Hang, type Door } from "./door";
import { createGrpcDoor } from "./grpc-door";
import { createHttpDoor } from "./http-door";
import { createMutator } from "./mutate";
import { createRegistryDoor } from "./registry-door";
import { createWebSocketDoor } from "./websocket-door";

const SEED = 1;
const MESSAGES = { WebSocket: 40_000, HTTP: 20_000, gRPC: 20_000, registry: 20_000 };
/** Every door gets a part of its messages in each round; memory is looked at after the first and after the last. */
const ROUNDS = 10;
const LIMIT_MS = 12 * 60_000;
/** Sessions that were left without goodbye are kept for 30 s. */
const SETTLE_MS = 35_000;
const GROWTH_GOAL_MB = 20;
/** At once, so that each of the worker's two speech threads has one. */
const TEXTS_AT_ONCE = 4;
const TEXT = "Every thread that speaks has taken its memory now.";
/** So many sessions may wait for their clients. */
const MAX_SESSIONS = 2_000;
const never = new AbortController().signal;

type Parts = ReturnType<OwnHost["pids"]>;

export const fuzzBenchmark: Benchmark = {
  name: "fuzz",
  description: "100,000 messages that are almost right, at every door: crashes, hangs, memory (up to 12 min)",
  run: (context) =>
    withOwnHost(
      context,
      async (host) => {
        const { holder } = host.started;
        if (holder.inProcess !== undefined)
          throw new Error("there is no redis-server, whose records are to be damaged");
        const registry = await connectHolder(holder, context.log);
        const doors = await openDoors(host, registry);
        try {
          return await knockAll(context, host, doors);
        } finally {
          for (const door of doors) await door.close();
          await registry.close();
        }
      },
      { maxSessions: MAX_SESSIONS },
    ),
};

async function openDoors(host: OwnHost, registry: WorkerRegistry): Promise<Door[]> {
  const [worker] = await registry.list();
  const { source } = host.started.holder;
  if (worker === undefined || source.type !== "redis") throw new Error("there is no worker, or no Redis");
  const mutator = (name: string) => createMutator(createSeededRandom(SEED, name));
  return [
    createWebSocketDoor(host.url, mutator("WebSocket")),
    createHttpDoor(host.started.port, mutator("HTTP")),
    createGrpcDoor({ address: worker.info.address, protoPath: places.protoPath, mutator: mutator("gRPC") }),
    createRegistryDoor({ registry, url: source.url, password: source.password, mutator: mutator("registry") }),
  ];
}

interface Outcome {
  sentCount: number;
  hangCount: number;
  failures: string[];
}

async function knockAll(context: BenchmarkContext, host: OwnHost, doors: readonly Door[]): Promise<BenchmarkResult> {
  const before = host.pids();
  const endAtMs = systemClock.nowMs() + LIMIT_MS;
  const outcome: Outcome = { sentCount: 0, hangCount: 0, failures: [] };
  let start = await readMemory(context, host);
  for (let round = 1; round <= ROUNDS && systemClock.nowMs() < endAtMs; round++) {
    for (const door of doors) await knock(door, outcome);
    context.progress(`round ${round} of ${ROUNDS}: ${outcome.sentCount} messages`);
    if (round === 1) {
      await sleep(systemClock, SETTLE_MS, never);
      start = await readMemory(context, host);
    }
  }
  await sleep(systemClock, SETTLE_MS, never);
  for (const failure of outcome.failures) context.progress(failure);
  const restartCount = countRestarts(before, host);
  const end = await readMemory(context, host);
  return { n: outcome.sentCount, measures: { ...judge(outcome, restartCount), ...compareMemory(start, end) } };
}

async function knock(door: Door, outcome: Outcome): Promise<void> {
  const count = MESSAGES[door.name as keyof typeof MESSAGES] / ROUNDS;
  try {
    await door.knock(count);
    await door.check();
    outcome.sentCount += count;
  } catch (error) {
    if (error instanceof Hang) outcome.hangCount++;
    outcome.failures.push(`${door.name}: ${String(error)}`);
  }
}

/** A crash, and a rejection that nobody handles, end the process; its supervisor starts it again. */
function countRestarts(before: Parts, host: OwnHost): number {
  const after = host.pids();
  return (Object.keys(before) as (keyof Parts)[]).filter((part) => before[part] !== after[part]).length;
}

function judge({ sentCount, hangCount, failures }: Outcome, restartCount: number): Record<string, Measure> {
  const total = Object.values(MESSAGES).reduce((sum, count) => sum + count, 0);
  const none = { atMost: 0 };
  return {
    "messages sent": single("messages", sentCount, { atLeast: total }),
    "processes that ended": single("processes", restartCount, none),
    "exchanges that hung": single("exchanges", hangCount, none),
    "other wrong answers": single("answers", failures.length - hangCount, none),
  };
}

type Memory = Record<string, number>;

async function readMemory(context: BenchmarkContext, host: OwnHost): Promise<Memory> {
  await wakeSpeechThreads(context, host);
  const pids = host.pids();
  const metrics = await (await fetch(`${host.httpUrl}/metrics`)).text();
  return {
    "orchestrator: resident memory": readRssMb(pids.orchestrator),
    "orchestrator: heap in use": readValue(metrics, "nodejs_heap_size_used_bytes") / 1e6,
    "worker: resident memory": readRssMb(pids.worker),
    "ears: resident memory": readRssMb(pids.ears),
  };
}

/** A thread that was aborted in a clause is replaced by one that takes its 21 MB only when it first speaks. */
async function wakeSpeechThreads(context: BenchmarkContext, host: OwnHost): Promise<void> {
  const { voice } = await loadBuiltinConfig();
  await withVoice({ context, host }, ({ speak }) =>
    Promise.all(Array.from({ length: TEXTS_AT_ONCE }, () => speak(TEXT, { voice: voice.default }))),
  );
}

function compareMemory(start: Memory, end: Memory): Record<string, Measure> {
  const entries = Object.entries(end).flatMap(([what, valueMb]): [string, Measure][] => {
    const grownMb = valueMb - (start[what] ?? 0);
    return [
      [`${what} at the end`, single("MB", valueMb)],
      [`${what}: more at the end than after the first tenth`, single("MB", grownMb, { atMost: GROWTH_GOAL_MB })],
    ];
  });
  return Object.fromEntries(entries);
}

import { createGrpcVoiceLink } from "#adapters/grpc/grpc-voice-link";
import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import { noMetrics } from "#core/ports/metrics";
import type { TextClause } from "#core/ports/voice-link";
import type { WorkerSnapshot } from "#core/ports/worker-registry";
import { WorkerRouter } from "#core/routing/worker-router";
import { HedgeBudget } from "#orchestrator/hedge-budget";
import { openHedgedStream } from "#orchestrator/hedged-stream";
import { openStream, type OpenStream, type StreamDeps, type StreamRequest } from "#orchestrator/open-stream";
import { places } from "../bin/places";
import { withFleet, type BenchFleet } from "./bench-fleet";
import type { Benchmark, BenchmarkContext } from "./benchmark";
import { single, spread } from "#score/figures/measure";
import { TWELVE_WORD_SENTENCES } from "./sentences";
import { percentile } from "#score/figures/statistics";
import { throttleToAThird } from "./throttle";

const WORKER_COUNT = 3;
const TURNS = 200;
const WARM_UP_TURNS = 30;
const VOICE = "flite-slt";
/** As the orchestrator does. */
const POLL_MS = 2_000;
const MIN_FALL_RATIO = 0.4;

export const routingBenchmark: Benchmark = {
  name: "routing",
  description:
    "first frame with one of three workers slowed three times: by measured speed against random choice (2 min)",
  async run(context) {
    const { randomMs, routedMs, hedgeRatio } = await withFleet({ context, workerCount: WORKER_COUNT }, (fleet) =>
      measure(context, fleet),
    );
    const fall = 1 - percentile(routedMs, 99) / percentile(randomMs, 99);
    return {
      n: routedMs.length,
      measures: {
        "fall of the p99 of the first frame, routed against random": single("ratio", fall, { atLeast: MIN_FALL_RATIO }),
        "first frame after the first clause, routed and hedged": spread("ms", routedMs),
        "first frame after the first clause, random choice": spread("ms", randomMs),
        "extra streams by hedging": single("ratio", hedgeRatio, { atMost: 0.05 }),
      },
    };
  },
};

interface Outcome {
  randomMs: number[];
  routedMs: number[];
  hedgeRatio: number;
}

/** Routed and random turns take turns, so that both meet the same moments of the machine. */
async function measure(context: BenchmarkContext, fleet: BenchFleet): Promise<Outcome> {
  const { registry } = fleet;
  const { log } = context;
  let snapshot: WorkerSnapshot[] = await registry.list();
  const poll = systemClock.setRepeating(POLL_MS, () => void registry.list().then((workers) => (snapshot = workers)));
  const voiceLink = createGrpcVoiceLink({ clock: systemClock, log, protoPath: places.protoPath });
  const router = new WorkerRouter({ clock: systemClock, random: Math.random, workers: () => snapshot });
  const hedges = new HedgeBudget();
  const counted = { streams: 0, hedges: 0 };
  const metrics = {
    ...noMetrics,
    count: (name: string) => void (counted.hedges += name === "parley_hedges_total" ? 1 : 0),
  };
  const deps = { registry, clock: systemClock, log, voiceLink, router, metrics, leaseTtlMs: 15_000 };
  const routed = async (index: number): Promise<number> => {
    hedges.streamStarts();
    counted.streams++;
    return firstFrameMs(index, (request, onText) =>
      openHedgedStream({ ...deps, hedges }, request, { onText, onSecondWins: () => undefined }),
    );
  };
  const slow = throttleToAThird(() => fleet.workers[1]?.pid());
  try {
    context.progress("warming up");
    for (let index = 0; index < WARM_UP_TURNS; index++) await routed(index);
    const outcome: Outcome = { randomMs: [], routedMs: [], hedgeRatio: 0 };
    for (let index = 0; index < TURNS; index++) {
      outcome.routedMs.push(await routed(index));
      outcome.randomMs.push(
        await firstFrameMs(index, (request, onText) => openRandom({ deps, workers: fleet.workers }, request, onText)),
      );
      if ((index + 1) % 50 === 0) context.progress(`${index + 1} of ${TURNS} turns each way`);
    }
    return { ...outcome, hedgeRatio: counted.hedges / counted.streams };
  } finally {
    slow.dispose();
    poll.dispose();
    await voiceLink.close();
  }
}

/** Any worker with the same chance; what is seen of it teaches the other way nothing. */
function openRandom(
  { deps, workers }: { deps: StreamDeps; workers: BenchFleet["workers"] },
  request: StreamRequest,
  onText: () => void,
): Promise<OpenStream> {
  const router = new WorkerRouter({ clock: systemClock, random: Math.random, workers: () => [] });
  const chosen = Math.floor(Math.random() * workers.length);
  const exclude = workers.flatMap(({ name }, index) => (index === chosen ? [] : [name]));
  return openStream({ ...deps, router }, { ...request, exclude }, onText);
}

async function firstFrameMs(
  index: number,
  open: (request: StreamRequest, onText: () => void) => Promise<OpenStream>,
): Promise<number> {
  const sessionId = systemIds.next("bench");
  const sentence = TWELVE_WORD_SENTENCES[index % TWELVE_WORD_SENTENCES.length] ?? "";
  const hangUp = new AbortController();
  let sentAtMs = 0;
  const stream = await open(
    {
      sessionId,
      requestId: sessionId,
      voice: VOICE,
      avoid: new Set(),
      exclude: [],
      readClauses: () => oneClause(sentence),
      signal: hangUp.signal,
    },
    () => (sentAtMs ||= systemClock.nowMs()),
  );
  const first = await stream.next();
  const tookMs = systemClock.nowMs() - sentAtMs;
  hangUp.abort();
  await stream.close({ isLost: false });
  if (first.done === true) throw new Error("the worker sent no audio");
  return tookMs;
}

async function* oneClause(text: string): AsyncGenerator<TextClause, void, undefined> {
  yield await Promise.resolve({ text, offset: 0 });
}

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { systemClock } from "#adapters/system/system-clock";
import { VOICE_FRAME_MS, VOICE_FRAME_SAMPLES } from "#contracts/units";
import { sleep } from "#core/lifecycle/sleep";
import { percentile } from "#score/figures/statistics";
import { single, spread, type Measure } from "#score/figures/measure";
import { withFleet } from "./bench-fleet";
import type { Benchmark, BenchmarkContext } from "./benchmark";
import { intervalDeviationsMs, type FrameArrival } from "./frame-jitter";
import { listenToAnswer } from "./pacing-listener";

const LEAD_MS = 400;
const WORKERS = 2;
/** The first has the goal; then on until jitter is twice as much as the goal allows. */
const SESSION_COUNTS = [20, 30, 40, 60, 80, 100, 130, 160, 200];
const SESSIONS_WITH_GOAL = 20;
/** One start of a fleet is much like a throw of dice on a busy computer: p95 was 3.0 to 6.7 ms in 17 of them, 3.8 in the middle. */
const FLEETS_WITH_GOAL = 5;
const GOAL_MS = 5;
const TOO_MUCH_MS = 10;
/** Sessions do not all begin at once. */
const START_SPREAD_MS = 2_000;
/** … nor in step: people's frames fall anywhere within 20 ms. Multiples of the golden ratio spread any number of them evenly. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;
/** All sessions have begun, and Node has compiled what runs often: what a fleet does that has run for a while. */
const SETTLING_MS = 4_000;
/** About 12 s of tones. */
const REQUEST = `Repeat after me: ${"one two three four five six seven eight nine ten, ".repeat(6)}done.`;

export const pacingBenchmark: Benchmark = {
  name: "pacing",
  description: "how evenly frames reach the client, with more and more sessions on two tone workers (up to 6 min)",
  async run(context) {
    const workerFile = path.join(context.workFolder, "worker.yaml");
    const worker = { capacity: 500 };
    const voices = { engines: ["tone"], default: "tone" };
    await writeFile(workerFile, JSON.stringify({ worker, voices, pacing: { leadMs: LEAD_MS } }));
    const options = { context, workerCount: WORKERS, maxSessions: 1_000, voice: "tone" };
    const inFleet = <T>(use: (url: string) => Promise<T>): Promise<T> =>
      withFleet({ ...options, workerArgs: ["--config", workerFile] }, ({ host }) => use(host.url));
    const earlier: FrameArrival[][][] = [];
    while (earlier.length < FLEETS_WITH_GOAL - 1)
      earlier.push(await inFleet((url) => listenAll(url, SESSIONS_WITH_GOAL)));
    return inFleet((url) => measure(context, { url, earlier }));
  },
};

/** `earlier`: what was heard of `SESSIONS_WITH_GOAL` sessions in fleets that had just begun, as this one has. */
async function measure(
  context: BenchmarkContext,
  { url, earlier }: { url: string; earlier: readonly FrameArrival[][][] },
): Promise<{ n: number; measures: Record<string, Measure> }> {
  const measures: Record<string, Measure> = {};
  let carried = 0;
  let n = 0;
  for (const count of SESSION_COUNTS) {
    const isJudged = count === SESSIONS_WITH_GOAL;
    const rounds = [...(isJudged ? earlier : []), await listenAll(url, count)];
    const deviationsMs = rounds.flatMap(deviationsOf);
    const p95Ms = percentile(deviationsMs, 95);
    context.progress(`${count} sessions: frame intervals are off by ${p95Ms.toFixed(1)} ms at the 95th percentile`);
    const goal = { of: "p95", limits: { atMost: GOAL_MS } } as const;
    measures[`${count} sessions: deviation of frame intervals from 20 ms at the client`] = {
      ...spread("ms", deviationsMs, isJudged ? goal : []),
      n: deviationsMs.length,
    };
    if (isJudged) {
      n = deviationsMs.length;
      for (const [index, round] of rounds.entries())
        measures[`of these in fleet ${index + 1}`] = spread("ms", deviationsOf(round), []);
      measures[`${count} sessions, from ${SETTLING_MS / 1000} s after the first voice on`] = spread(
        "ms",
        rounds.flatMap((round) =>
          deviationsOf(round.map((heard) => heard.filter(({ atMs }) => atMs > runningFromMs(round)))),
        ),
        [],
      );
    }
    if (p95Ms > TOO_MUCH_MS) break;
    carried = count;
  }
  measures[`sessions with a deviation of at most ${TOO_MUCH_MS} ms (p95), of those tried`] = single(
    "sessions",
    carried,
  );
  return { n, measures };
}

function startMs(index: number, count: number): number {
  const inStepMs = Math.floor((index * START_SPREAD_MS) / count / VOICE_FRAME_MS) * VOICE_FRAME_MS;
  return inStepMs + ((index * GOLDEN_RATIO) % 1) * VOICE_FRAME_MS;
}

function listenAll(url: string, count: number): Promise<FrameArrival[][]> {
  const answers = Array.from({ length: count }, async (_, index) => {
    await sleep(systemClock, startMs(index, count), new AbortController().signal);
    return listenToAnswer(url, REQUEST);
  });
  return Promise.all(answers);
}

function deviationsOf(listening: readonly FrameArrival[][]): number[] {
  return listening.flatMap((arrivals) =>
    intervalDeviationsMs(arrivals, {
      frameMs: VOICE_FRAME_MS,
      frameSamples: VOICE_FRAME_SAMPLES,
      leadFrames: LEAD_MS / VOICE_FRAME_MS,
    }),
  );
}

function runningFromMs(listening: readonly FrameArrival[][]): number {
  return Math.min(...listening.map(([first]) => first?.atMs ?? Infinity)) + SETTLING_MS;
}

import { writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createDeferred } from "#core/lifecycle/deferred";
import { percentile } from "#score/figures/statistics";
import { single, spread, type Measure } from "#score/figures/measure";
import { tallyConversation, type Tally } from "#score/measure/tally";
import { playScript, type ConversationRunner, type PlayDeps } from "#score/play-script";
import { composeShortQuestions } from "#score/user/compose-script";
import { withOwnParley } from "../bin/own-parley";
import type { Benchmark, BenchmarkContext, BenchmarkResult } from "./benchmark";

/** Alone there is one at a time, often enough for percentiles; the last count that is tried is the first that is too many. */
const ALONE = { conversations: 4, questions: 6 };
const COUNTS = [2, 4, 6, 8, 10, 12, 16, 20, 24, 32];
const QUESTIONS = 5;
const COUNT_WITH_GOAL = 8;
const GOAL_MS = 1_500;
const MAX_MS = 90_000;
const SEED = 1;
/** What admission would refuse is to be measured. */
const NO_LIMIT = 1_000;

export const sessionsBenchmark: Benchmark = {
  name: "sessions",
  description: "first-audio latency of more and more conversations at once, users on the same computer (up to 10 min)",
  async run(context) {
    const workerFile = path.join(context.workFolder, "worker.yaml");
    await writeFile(workerFile, JSON.stringify({ worker: { capacity: NO_LIMIT } }));
    return withOwnParley(context, (deps) => measure(context, deps), {
      maxSessions: NO_LIMIT,
      workerArgs: ["--config", workerFile],
    });
  },
};

async function measure(context: BenchmarkContext, deps: PlayDeps): Promise<BenchmarkResult> {
  const measures: Record<string, Measure> = {};
  const aloneMs: number[] = [];
  for (let index = 0; index < ALONE.conversations; index++)
    aloneMs.push(...latencies(await talkAtOnce(deps, { count: 1, questions: ALONE.questions, offset: index })));
  measures["1 conversation: first-audio latency"] = { ...spread("ms", aloneMs), n: aloneMs.length };
  const doubledMs = 2 * percentile(aloneMs, 95);
  let carried = 1;
  let n = 0;
  for (const count of COUNTS) {
    const tallies = await talkAtOnce(deps, { count, questions: QUESTIONS, offset: 100 * count });
    const latenciesMs = latencies(tallies);
    const unanswered = tallies.flatMap(({ questions }) => questions).length - latenciesMs.length;
    const p95Ms = percentile(latenciesMs, 95);
    context.progress(
      `${count} conversations: first audio p95 ${Math.round(p95Ms)} ms, ${unanswered} without a measured answer`,
    );
    const isJudged = count === COUNT_WITH_GOAL;
    if (isJudged) n = latenciesMs.length;
    measures[`${count} conversations: first-audio latency`] = {
      ...spread("ms", latenciesMs, isJudged ? { of: "p95", limits: { atMost: GOAL_MS } } : []),
      n: latenciesMs.length,
    };
    measures[`${count} conversations: questions cut off or without an answer`] = single("questions", unanswered);
    if (p95Ms <= doubledMs) carried = count;
    if (p95Ms > doubledMs && count >= COUNT_WITH_GOAL) break;
  }
  measures["most conversations whose p95 is at most twice that of one, of those tried"] = single(
    "conversations",
    carried,
  );
  measures["the same for each core, the users' side included"] = single(
    "conversations",
    carried / os.availableParallelism(),
  );
  return { n, measures };
}

function latencies(tallies: readonly Tally[]): number[] {
  return tallies
    .flatMap(({ questions }) => questions)
    .flatMap(({ outcome }) => (outcome.type === "answered" ? [outcome.latencyMs] : []));
}

/** All begin together, when the users' voices have been made. */
async function talkAtOnce(
  deps: PlayDeps,
  { count, questions, offset }: { count: number; questions: number; offset: number },
): Promise<Tally[]> {
  const runner = startTogether(deps.runner, count);
  const conversations = Array.from({ length: count }, (_, index) =>
    playScript(
      { ...deps, runner },
      {
        name: `sessions ${offset + index}`,
        seed: SEED,
        half: "held-out",
        room: "headphones",
        compose: (compose) => composeShortQuestions(compose, questions),
        maxMs: MAX_MS,
      },
    ),
  );
  return (await Promise.all(conversations)).map(tallyConversation);
}

function startTogether(runner: ConversationRunner, count: number): ConversationRunner {
  const allHere = createDeferred<void>();
  let waiting = 0;
  return {
    async hold(conversation) {
      waiting++;
      if (waiting === count) allHere.resolve();
      await allHere.promise;
      return runner.hold(conversation);
    },
  };
}

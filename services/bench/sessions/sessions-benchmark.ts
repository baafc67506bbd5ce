import { writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { systemClock } from "#adapters/system/system-clock";
import { single, spread, type Measure } from "#score/figures/measure";
import { percentile } from "#score/figures/statistics";
import type { PlayDeps } from "#score/play-script";
import { withOwnParley } from "../../bin/own-parley";
import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../benchmark";
import { measureAtTheLimit } from "./at-the-limit";
import { talkAtOnce, type ManyAnswers } from "./many-conversations";

/** Alone there is one at a time, often enough for percentiles. */
const ALONE = { conversations: 4, questions: 5 };
/** The last count that is tried is the first that is too many. */
const COUNTS = [4, 8, 12, 16, 20, 24, 32, 40, 48, 64];
const QUESTIONS = 3;
const COUNT_WITH_GOAL = 8;
const QUESTIONS_WITH_GOAL = 5;
const GOAL_MS = 1_500;
/** More without an answer are too many, whatever the others waited. */
const MOST_UNANSWERED_RATIO = 0.1;
/** A step takes up to a minute. */
const LAST_STEP_AT_MS = 9 * 60_000;
/** What admission would refuse is to be measured. */
const NO_LIMIT = 1_000;

export const sessionsBenchmark: Benchmark = {
  name: "sessions",
  description: "first-audio latency of more and more conversations at once, users on the same computer (up to 12 min)",
  async run(context) {
    const atTheLimit = await measureAtTheLimit(context, { half: context.half, goalMs: GOAL_MS });
    const workerFile = path.join(context.workFolder, "worker.yaml");
    await writeFile(workerFile, JSON.stringify({ worker: { capacity: NO_LIMIT } }));
    const { n, measures } = await withOwnParley(context, (deps) => measureMoreAndMore(context, deps), {
      maxSessions: NO_LIMIT,
      workerArgs: ["--config", workerFile],
    });
    return { n, measures: { ...measures, ...atTheLimit } };
  },
};

async function measureMoreAndMore(context: BenchmarkContext, deps: PlayDeps): Promise<BenchmarkResult> {
  const { half } = context;
  const endAtMs = systemClock.nowMs() + LAST_STEP_AT_MS;
  const measures: Record<string, Measure> = {};
  const aloneMs: number[] = [];
  for (let index = 0; index < ALONE.conversations; index++) {
    const alone = { count: 1, questions: ALONE.questions, half, name: `alone ${index}` };
    aloneMs.push(...(await talkAtOnce(deps, alone)).latenciesMs);
  }
  measures["1 conversation: first-audio latency"] = { ...spread("ms", aloneMs), n: aloneMs.length };
  const doubledMs = 2 * percentile(aloneMs, 95);
  const isCarried = ({ latenciesMs, unanswered }: ManyAnswers): boolean =>
    percentile(latenciesMs, 95) <= doubledMs && unanswered <= MOST_UNANSWERED_RATIO * (latenciesMs.length + unanswered);
  let carried = 1;
  let tooMany: number | undefined;
  let n = 0;
  for (const count of COUNTS) {
    if (tooMany !== undefined || systemClock.nowMs() > endAtMs) break;
    const isJudged = count === COUNT_WITH_GOAL;
    const questions = isJudged ? QUESTIONS_WITH_GOAL : QUESTIONS;
    const answers = await talkAtOnce(deps, { count, questions, half, name: `${count}` });
    const { latenciesMs, unanswered } = answers;
    const p95 = latenciesMs.length === 0 ? "none" : `p95 ${Math.round(percentile(latenciesMs, 95))} ms`;
    context.progress(`${count} conversations: first audio ${p95}, ${unanswered} without a measured answer`);
    if (isJudged) n = latenciesMs.length;
    if (latenciesMs.length > 0) {
      measures[`${count} conversations: first-audio latency`] = {
        ...spread("ms", latenciesMs, isJudged ? { of: "p95", limits: { atMost: GOAL_MS } } : []),
        n: latenciesMs.length,
      };
    }
    measures[`${count} conversations: questions cut off or without an answer`] = single("questions", unanswered);
    if (isCarried(answers)) carried = count;
    else if (count >= COUNT_WITH_GOAL) tooMany = count;
  }
  const most = "most conversations, of those tried, with a p95 of at most twice that of one, and 90 % answered";
  measures[most] = single("conversations", carried);
  measures["fewest that were too many; 0: it was over before"] = single("conversations", tooMany ?? 0);
  measures["most for each core, the users' side included"] = single(
    "conversations",
    carried / os.availableParallelism(),
  );
  return { n, measures };
}

import { systemClock } from "#adapters/system/system-clock";
import type { Disposable } from "#core/lifecycle/disposable";
import { sleep } from "#core/lifecycle/sleep";
import { pcmToFloat } from "#core/audio/pcm";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { withEars, type BenchEars } from "./bench-ears";
import { withFleet, type BenchFleet, type BenchWorker } from "./bench-fleet";
import type { Benchmark, BenchmarkContext } from "./benchmark";
import { countByIds, hearAnswer, longestSilenceMs, type Answer } from "./failover-answer";
import { single, spread, type Measure } from "#score/figures/measure";
import { throttleToAThird } from "./throttle";
import { wordDifferences } from "./word-differences";

/**
 * No mark that asks for a pause, so that every silence is a gap. An instrument, too: undisturbed, the ears hear each of its words,
 * which they do of few texts in this voice.
 */
const TEXT =
  "The children walked along the river until evening came and the birds began to sing above the quiet water while their mother waited beside the old stone bridge with milk and apples for the long journey home";
const REQUEST = `Repeat after me: ${TEXT}`;
/** The answer plays for about 11 s; the second strike leaves the struck worker time to come back. */
const FIRST_STRIKE = { fromMs: 50, toMs: 4_000 };
const SECOND_STRIKE = { fromMs: 6_000, toMs: 9_500 };
const ANSWERS = { control: 25, kill: 25, freeze: 25, slow: 10 };
/** Answers without a fault tell what the ears miss by themselves; nothing is in their way, so several play at a time. */
const CONTROLS_AT_A_TIME = 5;
const STRIKES_PER_ANSWER = 2;
const FREEZE_MS = 1_500;
const GAP_WINDOW_MS = 2_500;
const LEAD_IN_MS = 200;
const READY_TIMEOUT_MS = 10_000;
const GAP_GOAL_MS = 250;

type Fault = keyof typeof ANSWERS;

const faults: Readonly<Record<Fault, string>> = {
  control: "nothing",
  kill: "SIGKILL",
  freeze: "SIGSTOP",
  slow: "slowed three times",
};

export const failoverBenchmark: Benchmark = {
  name: "failover",
  description:
    "words lost, words doubled and the gap at the speaker when the speaking worker dies, freezes or slows (--count kills, 50 unless said: 14 min)",
  async run(context) {
    const answers = await withFleet({ context, workerCount: 2, hasOwnWorker: false }, (fleet) =>
      strikeAll(context, fleet),
    );
    const measures: Record<string, Measure> = {};
    await withEars(context, async (ears) => {
      for (const fault of Object.keys(answers) as Fault[]) {
        context.progress(`listening to the answers: ${faults[fault]}`);
        Object.assign(measures, await judge(fault, answers[fault], { context, ears }));
      }
    });
    return { n: answers.kill.flatMap((answer) => answer.strikesAtMs).length, measures };
  },
};

async function strikeAll(context: BenchmarkContext, fleet: BenchFleet): Promise<Record<Fault, Answer[]>> {
  const all: Record<Fault, Answer[]> = { control: [], kill: [], freeze: [], slow: [] };
  const share = (context.count ?? ANSWERS.kill * STRIKES_PER_ANSWER) / (ANSWERS.kill * STRIKES_PER_ANSWER);
  for (const fault of Object.keys(ANSWERS) as Fault[]) {
    const answerCount = Math.ceil(ANSWERS[fault] * share);
    while (all[fault].length < answerCount) {
      await untilAllReady(fleet);
      const atATime = fault === "control" ? Math.min(CONTROLS_AT_A_TIME, answerCount - all[fault].length) : 1;
      const answers = await Promise.all(Array.from({ length: atATime }, () => strikeOnce(fleet, fault)));
      for (const answer of answers) {
        all[fault].push(answer);
        tellLosses(context, `${faults[fault]}: answer ${all[fault].length}`, answer);
      }
      if (all[fault].length % 5 === 0)
        context.progress(`${faults[fault]}: ${all[fault].length} of ${answerCount} answers`);
    }
  }
  return all;
}

/** What must not be, as soon as it is known, with the moments at which it was struck. */
function tellLosses(context: BenchmarkContext, what: string, { events, errorCodes, strikesAtMs, pcm }: Answer): void {
  const { lost, doubled } = countByIds(events, TEXT);
  const gapsMs = strikesAtMs.map((atMs) => longestSilenceMs(pcm, endingBefore(pcm, gapWindow(atMs))));
  if (lost + doubled + errorCodes.length === 0 && gapsMs.every((gapMs) => gapMs <= GAP_GOAL_MS)) return;
  const struck = strikesAtMs.map((atMs, index) => `${Math.round(atMs)} ms (silent for ${gapsMs[index]} ms)`).join(", ");
  context.progress(
    `${what}: ${lost} lost, ${doubled} doubled, ${errorCodes.join(" ") || "no error"}; struck at ${struck}`,
  );
}

function gapWindow(strikeAtMs: number): { fromMs: number; toMs: number } {
  return { fromMs: strikeAtMs, toMs: strikeAtMs + GAP_WINDOW_MS };
}

async function strikeOnce(fleet: BenchFleet, fault: Fault): Promise<Answer> {
  const undo: Disposable[] = [];
  const act = (): void => void findSpeaker(fleet).then((worker) => undo.push(harm(worker, fault)));
  const moments = fault === "control" ? [] : fault === "slow" ? [FIRST_STRIKE] : [FIRST_STRIKE, SECOND_STRIKE];
  try {
    return await hearAnswer(
      fleet.host.url,
      REQUEST,
      moments.map(({ fromMs, toMs }) => ({ afterMs: fromMs + Math.random() * (toMs - fromMs), act })),
    );
  } finally {
    for (const each of undo) each.dispose();
  }
}

function harm(worker: BenchWorker | undefined, fault: Fault): Disposable {
  const nothing = { dispose: () => undefined };
  const pid = worker?.pid();
  if (worker === undefined || pid === undefined) return nothing;
  if (fault === "slow") return throttleToAThird(() => worker.pid());
  process.kill(pid, fault === "kill" ? "SIGKILL" : "SIGSTOP");
  if (fault === "kill") return nothing;
  const thaw = (): void => {
    try {
      process.kill(pid, "SIGCONT");
    } catch {
      // Its supervisor has replaced it.
    }
  };
  const timer = systemClock.setTimer(FREEZE_MS, thaw);
  return {
    dispose() {
      timer.dispose();
      thaw();
    },
  };
}

/** The live worker that has a lease; one that was struck before keeps its own until it expires. */
async function findSpeaker({ registry, workers }: BenchFleet): Promise<BenchWorker | undefined> {
  const rows = await registry.list();
  const busy = rows.filter((row) => row.isLive && row.inUse > 0).sort((a, b) => a.heartbeatAgeMs - b.heartbeatAgeMs);
  return workers.find(({ name }) => name === busy[0]?.name);
}

async function untilAllReady({ registry, workers }: BenchFleet): Promise<void> {
  const deadlineMs = systemClock.nowMs() + READY_TIMEOUT_MS;
  for (;;) {
    const rows = (await registry.list()).filter(
      (row) => row.isLive && row.state === "ready" && row.heartbeatAgeMs < 3_000,
    );
    if (rows.length >= workers.length && workers.every((worker) => worker.pid() !== undefined)) return;
    if (systemClock.nowMs() > deadlineMs) throw new Error("a worker did not come back");
    await sleep(systemClock, 100, new AbortController().signal);
  }
}

/**
 * Heard from the first sound on: what the ears make of unclear words depends on where in their input these stand, and the
 * time before an answer begins is never the same.
 */
async function listen(ears: BenchEars, answer: Answer): Promise<string> {
  const fromMs = Math.max(0, speakingStretch(answer.pcm).fromMs - LEAD_IN_MS);
  const heard = answer.pcm.subarray(Math.round((fromMs * VOICE_SAMPLE_RATE_HZ) / 1000));
  return (await ears.transcribe({ samples: pcmToFloat(heard), sampleRateHz: VOICE_SAMPLE_RATE_HZ })).text;
}

async function judge(
  fault: Fault,
  answers: readonly Answer[],
  { context, ears }: { context: BenchmarkContext; ears: BenchEars },
): Promise<Record<string, Measure>> {
  const strikeCount = answers.reduce((sum, answer) => sum + answer.strikesAtMs.length, 0);
  const what = fault === "control" ? `no fault, ${answers.length} answers` : `${faults[fault]}, ${strikeCount} strikes`;
  const none = { atMost: 0 };
  const ids = answers.map((answer) => countByIds(answer.events, TEXT));
  const heard = [];
  for (const [index, answer] of answers.entries()) {
    const text = await listen(ears, answer);
    const differences = wordDifferences(TEXT, text);
    heard.push(differences);
    if (differences.lost + differences.added > 0)
      context.progress(`${what}: answer ${index + 1} was heard as: ${text}`);
  }
  const gapsMs = answers.flatMap(({ pcm, strikesAtMs }) =>
    fault === "control"
      ? [longestSilenceMs(pcm, speakingStretch(pcm))]
      : strikesAtMs.map((atMs) => longestSilenceMs(pcm, endingBefore(pcm, gapWindow(atMs)))),
  );
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    [`${what}: words lost, by their ids`]: single("words", sum(ids.map(({ lost }) => lost)), none),
    [`${what}: words doubled, by their ids`]: single("words", sum(ids.map(({ doubled }) => doubled)), none),
    [`${what}: words missing in what the ears hear at the speaker`]: single(
      "words",
      sum(heard.map(({ lost }) => lost)),
      none,
    ),
    [`${what}: words too many in what the ears hear`]: single("words", sum(heard.map(({ added }) => added)), none),
    [`${what}: words heard as another one`]: single("words", sum(heard.map(({ changed }) => changed))),
    [`${what}: longest silence at the speaker within ${GAP_WINDOW_MS / 1000} s`]: spread("ms", gapsMs, {
      of: "p95",
      limits: { atMost: GAP_GOAL_MS },
    }),
    [`${what}: answers that told of an error`]: single(
      "answers",
      answers.filter((answer) => answer.errorCodes.length > 0).length,
      none,
    ),
  };
}

/** From the first to the last audible millisecond. */
function speakingStretch(pcm: Int16Array): { fromMs: number; toMs: number } {
  const isAudible = (value: number): boolean => Math.abs(value) > 327;
  const perMs = VOICE_SAMPLE_RATE_HZ / 1000;
  return { fromMs: pcm.findIndex(isAudible) / perMs, toMs: pcm.findLastIndex(isAudible) / perMs };
}

/** The silence after the last word is no gap. */
function endingBefore(pcm: Int16Array, stretch: { fromMs: number; toMs: number }): { fromMs: number; toMs: number } {
  return { fromMs: stretch.fromMs, toMs: Math.min(stretch.toMs, speakingStretch(pcm).toMs) };
}

import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { floatToPcm } from "#core/audio/pcm";
import { resample } from "./bench-audio";
import { withOwnHost, type OwnHost } from "../bin/own-host";
import type { Benchmark, BenchmarkContext } from "./benchmark";
import { chat, type UserAction } from "./chatting-user";
import { single, type Measure } from "#score/figures/measure";
import { readRssMb } from "../bin/process-figures";
import { loadRecordedSpeech } from "./recorded-speech";
import { QUESTIONS } from "./sentences";
import { speakQuestions } from "./spoken-questions";
import { slopePerStep } from "#score/figures/statistics";

const USER_COUNT = 4;
const SESSIONS_PER_USER = 2;
const TURNS_PER_SESSION = 25;
/** The trend is taken where caches and arenas have grown to their size. */
const TREND_TURNS = 100;
/** Two real voices among the synthesised ones: 3 s and 7 s. */
const RECORDED_SUFFIXES = ["0880", "0870"];

const PARTS = ["orchestrator", "ears", "worker"] as const;
type Part = (typeof PARTS)[number];
type Sample = Record<Part, number>;

const rssGoalMb: Readonly<Record<Part, number>> = { orchestrator: 250, ears: 500, worker: 200 };
/**
 * A collector that runs at its own times lets resident memory wander by a few megabytes over 100 turns; a leak of
 * this size would take 1000 turns, a day of talking, to matter, and a leak of one turn's audio (0.3 MB and more) is 30.
 */
const GROWTH_GOAL_MB = 5;

export const memoryBenchmark: Benchmark = {
  name: "memory",
  description: "resident memory over 200 turns, typed and spoken, in 8 sessions, 4 at a time (6 min)",
  async run(context) {
    const samples = await withOwnHost(context, async (host) => {
      const actions = await prepareActions(context, host);
      return measureTurns(context, host, actions);
    });
    return { n: samples.length, measures: Object.fromEntries(PARTS.flatMap((part) => judge(part, samples))) };
  },
};

function judge(part: Part, samples: readonly Sample[]): [string, Measure][] {
  const last = samples.slice(-TREND_TURNS).map((sample) => sample[part]);
  return [
    [
      `${part}: highest resident memory of the last ${TREND_TURNS} turns`,
      single("MB", Math.max(...last), { atMost: rssGoalMb[part] }),
    ],
    [
      `${part}: growth over the last ${TREND_TURNS} turns, least-squares line`,
      single("MB per 100 turns", 100 * slopePerStep(last), { atMost: GROWTH_GOAL_MB }),
    ],
    [`${part}: resident memory after the first turn`, single("MB", samples[0]?.[part] ?? Number.NaN)],
  ];
}

/** Turns in the order of all sessions together. */
async function measureTurns(
  context: BenchmarkContext,
  host: OwnHost,
  actions: readonly UserAction[],
): Promise<Sample[]> {
  const pids = host.pids();
  const samples: Sample[] = [];
  const onTurn = (): void => {
    samples.push({
      orchestrator: readRssMb(pids.orchestrator),
      ears: readRssMb(pids.ears),
      worker: readRssMb(pids.worker),
    });
    const last = samples.at(-1);
    if (samples.length % 20 === 0 && last !== undefined) context.progress(`turn ${samples.length}: ${say(last)}`);
  };
  const users = Array.from({ length: USER_COUNT }, async (_, user) => {
    for (let session = 0; session < SESSIONS_PER_USER; session++) {
      const first = (user * SESSIONS_PER_USER + session) * TURNS_PER_SESSION;
      await chat({ url: host.url, actions: takeAround(actions, first, TURNS_PER_SESSION), onTurn });
    }
  });
  await Promise.all(users);
  return samples;
}

function say(sample: Sample): string {
  return PARTS.map((part) => `${part} ${sample[part].toFixed(0)} MB`).join(", ");
}

function takeAround<T>(items: readonly T[], first: number, count: number): T[] {
  return Array.from({ length: count }, (_, index) => items[(first + index) % items.length]).filter(
    (item) => item !== undefined,
  );
}

/** Spoken and typed in turn. */
async function prepareActions(context: BenchmarkContext, host: OwnHost): Promise<UserAction[]> {
  context.progress("preparing the users' utterances");
  const clips = (await loadRecordedSpeech()).filter(({ name }) =>
    RECORDED_SUFFIXES.some((suffix) => name.endsWith(suffix)),
  );
  const recorded = await Promise.all(
    clips.map(async ({ samples, sampleRateHz }) =>
      floatToPcm(await resample(samples, { fromHz: sampleRateHz, toHz: VOICE_SAMPLE_RATE_HZ })),
    ),
  );
  const questions = await speakQuestions(context, host);
  return [...questions.map(({ pcm }) => pcm), ...recorded].flatMap((pcm, index): UserAction[] => [
    { type: "say", pcm },
    { type: "type", text: QUESTIONS[index % QUESTIONS.length] ?? "" },
  ]);
}

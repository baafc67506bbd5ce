import { systemClock } from "#adapters/system/system-clock";
import { createSeededRandom } from "#core/random/seeded-random";
import { single, type Measure } from "#score/figures/measure";
import { sum } from "#score/figures/statistics";
import { withFleet, type BenchFleet } from "../bench-fleet";
import type { Benchmark, BenchmarkContext, BenchmarkResult } from "../benchmark";
import { startDroppingProxy, type DroppingProxy } from "../dropping-proxy";
import { FAULTS, harm, type Fault } from "./soak-faults";
import { judgeSamples, sampleUntil } from "./soak-samples";
import type { SoakCounts } from "./soak-tally";
import { soakUser } from "./soak-user";

const DEFAULT_MINUTES = 14;
const WORKERS = 3;
const USERS = 4;
const ANSWERS_PER_SESSION = 6;
const FAULT_EVERY_MS = 20_000;
const SEED = 1;

const TEXTS = [
  "The children walked along the river until the evening came and the birds began to sing above the quiet water",
  "Every morning the baker opens the small shop at the corner and puts warm bread into the window for the people",
  "When the train had left the station at last we saw the long valley and the white mountains behind the forest",
];

export const soakBenchmark: Benchmark = {
  name: "soak",
  description: `conversations at once with a fault every 20 s: words, sessions, memory, handles (--minutes, default ${DEFAULT_MINUTES})`,
  async run(context) {
    return withFleet({ context, workerCount: WORKERS }, async (fleet) => {
      const proxy = await startDroppingProxy(fleet.host.url);
      try {
        return await soak(context, fleet, proxy);
      } finally {
        await proxy.close();
      }
    });
  },
};

async function soak(context: BenchmarkContext, fleet: BenchFleet, proxy: DroppingProxy): Promise<BenchmarkResult> {
  const minutes = context.minutes ?? DEFAULT_MINUTES;
  const endAtMs = systemClock.nowMs() + minutes * 60_000;
  const isOver = (): boolean => systemClock.nowMs() >= endAtMs;
  const startedAtMs = systemClock.nowMs();
  const say = (words: string): void =>
    context.progress(`${((systemClock.nowMs() - startedAtMs) / 1_000).toFixed(1)} s: ${words}`);
  const users = Array.from({ length: USERS }, (_, index) =>
    soakUser({
      url: proxy.url,
      texts: TEXTS,
      answersPerSession: ANSWERS_PER_SESSION,
      isOver,
      onTrouble: (words) => say(`user ${index + 1}: ${words}`),
    }),
  );
  const struck: Fault[] = [];
  const [samples] = await Promise.all([
    sampleUntil(endAtMs, fleet.host),
    harm({
      fleet,
      proxy,
      endAtMs,
      random: createSeededRandom(SEED, "soak faults"),
      everyMs: FAULT_EVERY_MS,
      onFault(fault, hasStruck) {
        if (hasStruck) struck.push(fault);
        say(`${fault}${hasStruck ? "" : ": nothing to strike"}`);
      },
    }),
  ]);
  const counts = await Promise.all(users);
  const answers = sum(counts.map((count) => count.answers));
  return { n: answers, measures: { ...judgeCounts(counts, struck), ...judgeSamples(samples) } };
}

function judgeCounts(counts: readonly SoakCounts[], struck: readonly Fault[]): Record<string, Measure> {
  const none = { atMost: 0 };
  const total = (of: "unanswered" | "wordsLost" | "wordsDoubled" | "sessionsDied" | "startsBroken"): number =>
    sum(counts.map((count) => count[of]));
  const errors = counts.flatMap(({ errorCodes }) => errorCodes);
  const times = (fault: Fault): number => struck.filter((each) => each === fault).length;
  return {
    ...Object.fromEntries(FAULTS.map((fault) => [`times: ${fault}`, single("faults", times(fault))])),
    "words lost": single("words", total("wordsLost"), none),
    "words doubled": single("words", total("wordsDoubled"), none),
    "requests without an answer": single("requests", total("unanswered"), none),
    "sessions died": single("sessions", total("sessionsDied"), none),
    "connections dropped before a session began": single("connections", total("startsBroken")),
    [`errors told to users${errors.length > 0 ? `: ${[...new Set(errors)].join(", ")}` : ""}`]: single(
      "errors",
      errors.length,
    ),
  };
}

import type { UserEventKind } from "../user/user-sound";
import { single, spread, type Limits, type Measure } from "../figures/measure";
import type { InterruptionOutcome } from "./overlaps";
import type { Tally } from "./tally";

/** What is to be reached; "best known" figures stand in docs/specs/score.md. */
export const GOALS = {
  firstAudioMs: { p50: 450, p95: 800 },
  cutOffRatio: 0.05,
  yieldRatio: 0.97,
  silenceMs: { p50: 350, p95: 500 },
  duckMs: { p95: 150 },
  keepsTalkingRatio: { "backchannel": 0.9, "noise": 0.95, "side-talk": 0.6 },
  selfInterruptions: 0,
  heardOverEchoRatio: 0.9,
  heardTextRatio: 0.99,
} as const;

const NOUNS = {
  "backchannel": "backchannels",
  "noise": "coughs and noise",
  "side-talk": "side talk",
} as const satisfies Partial<Record<UserEventKind, string>>;

/** Rows by name; each with the number of events behind it. A row without events is left out. */
export type Rows = Record<string, Measure>;

/** Latency and cut-offs. */
export function turnRows({ questions }: Tally): Rows {
  const latenciesMs = questions.flatMap(({ outcome }) => (outcome.type === "answered" ? [outcome.latencyMs] : []));
  const paused = questions.filter(({ event }) => event.pauses.length > 0);
  const whole = questions.filter(({ event }) => event.pauses.length === 0);
  const isCut = ({ outcome }: Tally["questions"][number]): boolean => outcome.type === "cut-off";
  return {
    ...percentiles("first-audio latency at the speaker", latenciesMs, GOALS.firstAudioMs),
    ...share("user cut off in mid-turn, turns with pauses", {
      of: paused,
      is: isCut,
      limits: { atMost: GOALS.cutOffRatio },
    }),
    ...share("user cut off, turns without a pause", { of: whole, is: isCut }),
    ...share("questions without an answer", {
      of: questions,
      is: ({ outcome }) => outcome.type === "unanswered",
    }),
  };
}

/** Speech and sounds over the agent. */
export function overlapRows(tally: Tally): Rows {
  const real = scoredInterruptions(tally);
  const silencesMs = real.flatMap(({ outcome }) => (outcome.type === "yielded" ? [outcome.silentMs] : []));
  const ducksMs = real.flatMap(({ outcome }) => outcome.duckMs ?? []);
  return {
    ...share("yields to interruptions", { of: real, is: isYielded, limits: { atLeast: GOALS.yieldRatio } }),
    ...percentiles("interruption to silence at the speaker", silencesMs, GOALS.silenceMs),
    ...percentiles("interruption to duck at the speaker", ducksMs, GOALS.duckMs),
    ...share("interruptions that ducked or silenced it", {
      of: real,
      is: ({ outcome }) => outcome.duckMs !== undefined,
    }),
    ...keepsTalkingRows(tally, "backchannel"),
    ...keepsTalkingRows(tally, "noise"),
    ...keepsTalkingRows(tally, "side-talk"),
    ...staysSilentRows(tally, "noise"),
    ...staysSilentRows(tally, "side-talk"),
  };
}

/** What the figures do not stand on. */
export function unscoredRows(tally: Tally): Rows {
  const overlaps = [...tally.interruptions, ...tally.ignorables];
  return {
    ...share("overlaps not scored, for the turn ended by itself", {
      of: overlaps,
      is: ({ outcome }) => outcome.type === "unscored",
    }),
    ...(tally.missedSteps === 0
      ? {}
      : { "scripted events that did not take place": single("events", tally.missedSteps) }),
  };
}

/** The heard text against what the speaker played. */
export function heardTextRows({ heardTextErrors }: Tally): Rows {
  return share("heard text of a cut turn wrong by one word at most", {
    of: heardTextErrors,
    is: (words) => Math.abs(words) <= 1,
    limits: { atLeast: GOALS.heardTextRatio },
  });
}

/** The agent's own echo, in conversations over loudspeakers. */
export function echoRows(tally: Tally): Rows {
  if (tally.durationMs === 0) return {};
  const { stops, answers } = tally.self;
  return {
    "simulated time on loudspeakers": single("min", tally.durationMs / 60_000),
    "self-interruptions on loudspeakers": single("times", stops, { atMost: GOALS.selfInterruptions }),
    "answers to the agent's own voice on loudspeakers": single("times", answers, { atMost: GOALS.selfInterruptions }),
    ...share("interruptions heard over loudspeakers", {
      of: scoredInterruptions(tally),
      is: isYielded,
      limits: { atLeast: GOALS.heardOverEchoRatio },
    }),
  };
}

function isYielded({ outcome }: { outcome: ScoredOutcome }): boolean {
  return outcome.type === "yielded";
}

type ScoredOutcome = Exclude<InterruptionOutcome, { type: "unscored" }>;

function scoredInterruptions({ interruptions }: Tally): { outcome: ScoredOutcome }[] {
  return interruptions.flatMap(({ outcome }) => (outcome.type === "unscored" ? [] : [{ outcome }]));
}

function keepsTalkingRows({ ignorables }: Tally, kind: keyof typeof NOUNS): Rows {
  const scored = ignorables.filter(({ event, outcome }) => event.kind === kind && outcome.type !== "unscored");
  const addedMs = scored.flatMap(({ outcome }) => (outcome.type === "kept-talking" ? [outcome.addedSilenceMs] : []));
  return {
    ...share(`keeps talking through ${NOUNS[kind]}`, {
      of: scored,
      is: ({ outcome }) => outcome.type === "kept-talking",
      limits: { atLeast: GOALS.keepsTalkingRatio[kind] },
    }),
    ...percentiles(`silence added to its speech by ${NOUNS[kind]}`, addedMs),
  };
}

function staysSilentRows({ outOfTurn }: Tally, kind: "noise" | "side-talk"): Rows {
  return share(`stays silent on ${NOUNS[kind]} while it is silent`, {
    of: outOfTurn.filter(({ event }) => event.kind === kind),
    is: ({ outcome }) => outcome.type === "stayed-silent",
  });
}

function percentiles(name: string, samples: readonly number[], goals: { p50?: number; p95?: number } = {}): Rows {
  if (samples.length === 0) return {};
  const limits = (["p50", "p95"] as const).flatMap((of) => {
    const atMost = goals[of];
    return atMost === undefined ? [] : [{ of, limits: { atMost } }];
  });
  return { [name]: { ...spread("ms", samples, limits), n: samples.length } };
}

/** Share of the items for which `is` holds. */
function share<T>(name: string, { of: items, is, limits }: Share<T>): Rows {
  if (items.length === 0) return {};
  return { [name]: { ...single("ratio", items.filter(is).length / items.length, limits), n: items.length } };
}

interface Share<T> {
  of: readonly T[];
  is(item: T): boolean;
  limits?: Limits;
}

import { single, spread, type Limits, type Measure } from "#score/figures/measure";
import { tallyConversation } from "#score/measure/tally";
import { playScript, type PlayDeps, type Script } from "#score/play-script";
import {
  composeInterruptions,
  composeShortQuestions,
  composeStory,
  type ComposeDeps,
} from "#score/user/compose-script";
import type { ScriptStep } from "#score/user/user-sound";
import { openSimulationEngines } from "#sim/simulation-engines";
import { loadBuiltinConfig } from "../bin/own-host";
import { withOwnParley } from "../bin/own-parley";
import { createVirtualRunner } from "../bin/virtual-runner";
import type { Benchmark } from "./benchmark";
import { compareClocks, type ClockDifferences, type ClockedConversation } from "./clock-differences";

const SEED = 1;
/** Short ones: what goes another way in one conversation goes on to change what follows in it. */
const CONVERSATIONS = 8;
const MAX_MS = 60_000;
/** [SM11] A frame of the client's and a step of the speaker apart, and what the sockets and the scheduler add. */
const TOLERANCE_MS = 50;
/** By how much less alike to real time the virtual clock may be than real time is to itself: nothing can be more alike. */
const SAME_MARGIN = 0.05;

export const virtualClockBenchmark: Benchmark = {
  name: "virtual-clock",
  description:
    "the same conversations twice in real time and on the virtual clock: verdicts, heard text, latency (--count conversations, 8 unless said: 15 min)",
  async run(context) {
    const engines = await openSimulationEngines({ log: context.log });
    try {
      const virtualRunner = createVirtualRunner(engines, await loadBuiltinConfig());
      const scripts = Array.from({ length: context.count ?? CONVERSATIONS }, (_, index): Script => ({
        name: `virtual-clock ${index + 1}`,
        seed: SEED,
        half: context.half,
        room: "headphones",
        compose,
        maxMs: MAX_MS,
      }));
      const all = await withOwnParley(context, async (real) => {
        const virtual = { ...real, runner: virtualRunner };
        const found = { virtual: [] as ClockDifferences[], again: [] as ClockDifferences[] };
        for (const script of scripts) {
          context.progress(`${script.name} of ${scripts.length}`);
          const first = await play(real, script);
          found.virtual.push(compareClocks(first, await play(virtual, script)));
          found.again.push(compareClocks(first, await play(real, script)));
          for (const line of found.virtual.at(-1)?.notAlike ?? [])
            context.progress(`real time | virtual clock: ${line}`);
          for (const line of found.again.at(-1)?.notAlike ?? []) context.progress(`real time | once more: ${line}`);
        }
        return found;
      });
      return { n: all.virtual.flatMap(({ isSameOutcome }) => isSameOutcome).length, measures: measure(all) };
    } finally {
      await engines.close();
    }
  },
};

/** Something of all that is judged. */
async function compose(deps: ComposeDeps): Promise<ScriptStep[]> {
  return [
    ...(await composeShortQuestions(deps, 1)),
    ...(await composeStory(deps, 2)),
    ...(await composeInterruptions(deps, 1)),
  ];
}

/** The tally needs the whole sound, which is not kept. */
async function play(deps: PlayDeps, script: Script): Promise<ClockedConversation> {
  const conversation = await playScript(deps, script);
  return { tally: tallyConversation(conversation), events: conversation.events };
}

/** `again`: how far real time is from itself, which is the measure of the virtual clock. */
function measure(all: Record<"virtual" | "again", readonly ClockDifferences[]>): Record<string, Measure> {
  const sameOf = (differences: readonly ClockDifferences[]): boolean[] =>
    differences.flatMap(({ isSameOutcome }) => isSameOutcome);
  const heardOf = (differences: readonly ClockDifferences[]): boolean[] =>
    differences.flatMap(({ heardWords }) => heardWords.map((words) => Math.abs(words) <= 1));
  return {
    "judged alike in real time and on the virtual clock": share(sameOf(all.virtual), nearlyAs(sameOf(all.again))),
    "judged alike in real time and once more in real time": share(sameOf(all.again)),
    "heard text of cut turns alike to a word": share(heardOf(all.virtual), nearlyAs(heardOf(all.again))),
    "heard text of cut turns alike to a word, once more in real time": share(heardOf(all.again)),
    ...apart(
      "first-audio latency, real less virtual",
      all.virtual.flatMap(({ firstAudioMs }) => firstAudioMs),
    ),
    ...apart(
      "interruption to silence, real less virtual",
      all.virtual.flatMap(({ silenceMs }) => silenceMs),
    ),
  };
}

function share(items: readonly boolean[], limits?: Limits): Measure {
  return { ...single("ratio", ratioOf(items), limits), n: items.length };
}

function nearlyAs(items: readonly boolean[]): Limits {
  return { atLeast: Number((ratioOf(items) - SAME_MARGIN).toFixed(3)) };
}

function ratioOf(items: readonly boolean[]): number {
  return items.filter(Boolean).length / Math.max(1, items.length);
}

function apart(name: string, samplesMs: readonly number[]): Record<string, Measure> {
  if (samplesMs.length === 0) return {};
  const limits = { atLeast: -TOLERANCE_MS, atMost: TOLERANCE_MS };
  return { [name]: { ...spread("ms", samplesMs, { of: "p50", limits }), n: samplesMs.length } };
}

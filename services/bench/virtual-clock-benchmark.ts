import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { single, spread, type Measure } from "#score/figures/measure";
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
import { loadBuiltinConfig, withOwnHost } from "../bin/own-host";
import { createRealTimeRunner } from "../bin/real-time-runner";
import { createUserVoices } from "../bin/user-voices";
import { createVirtualRunner } from "../bin/virtual-runner";
import type { Benchmark } from "./benchmark";
import { compareClocks, type ClockDifferences, type ClockedConversation } from "./clock-differences";

const SEED = 1;
const CONVERSATIONS = 3;
const MAX_MS = 120_000;
/** [SM11] A frame of the client's and a step of the speaker apart, and what the sockets and the scheduler add. */
const TOLERANCE_MS = 50;
const MIN_SAME_RATIO = 0.95;

export const virtualClockBenchmark: Benchmark = {
  name: "virtual-clock",
  description: "the same conversations in real time and on the virtual clock: verdicts, heard text, latency (6 min)",
  async run(context) {
    const engines = await openSimulationEngines({ log: context.log });
    try {
      const speech = createUserVoices({ engine: engines.voice, normalizer: engines.normalizer });
      const shared = { speech, resamplers: await createSpeexResamplerFactory() };
      const virtual = { ...shared, runner: createVirtualRunner(engines, await loadBuiltinConfig()) };
      const scripts = Array.from({ length: CONVERSATIONS }, (_, index): Script => ({
        name: `virtual-clock ${index + 1}`,
        seed: SEED,
        half: context.half,
        room: "headphones",
        compose,
        maxMs: MAX_MS,
      }));
      const all = await withOwnHost(context, async ({ url }) => {
        const real = { ...shared, runner: createRealTimeRunner({ url, token: undefined }) };
        const differences: ClockDifferences[] = [];
        for (const script of scripts) {
          context.progress(`${script.name} of ${scripts.length}`);
          const found = compareClocks(await play(real, script), await play(virtual, script));
          for (const line of found.notAlike) context.progress(`real time | virtual clock: ${line}`);
          differences.push(found);
        }
        return differences;
      });
      return { n: all.flatMap(({ isSameOutcome }) => isSameOutcome).length, measures: measure(all) };
    } finally {
      await engines.close();
    }
  },
};

/** Something of all that is judged. */
async function compose(deps: ComposeDeps): Promise<ScriptStep[]> {
  return [
    ...(await composeShortQuestions(deps, 4)),
    ...(await composeStory(deps, 4)),
    ...(await composeInterruptions(deps, 3)),
  ];
}

/** The tally needs the whole sound, which is not kept. */
async function play(deps: PlayDeps, script: Script): Promise<ClockedConversation> {
  const conversation = await playScript(deps, script);
  return { tally: tallyConversation(conversation), events: conversation.events };
}

function measure(all: readonly ClockDifferences[]): Record<string, Measure> {
  const same = all.flatMap(({ isSameOutcome }) => isSameOutcome);
  const heard = all.flatMap(({ heardWords }) => heardWords);
  const isNear = (words: number): boolean => Math.abs(words) <= 1;
  return {
    "judged alike in real time and on the virtual clock": share(same, Boolean),
    "heard text of cut turns alike to a word": share(heard, isNear),
    ...apart(
      "first-audio latency, real less virtual",
      all.flatMap(({ firstAudioMs }) => firstAudioMs),
    ),
    ...apart(
      "interruption to silence, real less virtual",
      all.flatMap(({ silenceMs }) => silenceMs),
    ),
  };
}

function share<T>(items: readonly T[], is: (item: T) => boolean): Measure {
  const ratio = items.filter(is).length / Math.max(1, items.length);
  return { ...single("ratio", ratio, { atLeast: MIN_SAME_RATIO }), n: items.length };
}

function apart(name: string, samplesMs: readonly number[]): Record<string, Measure> {
  if (samplesMs.length === 0) return {};
  const limits = { atLeast: -TOLERANCE_MS, atMost: TOLERANCE_MS };
  return { [name]: { ...spread("ms", samplesMs, { of: "p50", limits }), n: samplesMs.length } };
}

import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { systemClock } from "#adapters/system/system-clock";
import { single, type Measure } from "#score/figures/measure";
import { heardTextRows, overlapRows, turnRows } from "#score/measure/panel";
import { addTallies, EMPTY_TALLY, tallyConversation, type Tally } from "#score/measure/tally";
import { summariseWaterfalls } from "#score/measure/waterfall";
import { playScript, type PlayDeps, type Script } from "#score/play-script";
import { composeQuestions, composeShortQuestions, composeStory } from "#score/user/compose-script";
import { withOwnHost, type OwnHost } from "../bin/own-host";
import { readCpuMs } from "../bin/process-figures";
import { createRealTimeRunner } from "../bin/real-time-runner";
import { openUserVoices } from "../bin/user-voices";
import type { Benchmark, BenchmarkContext } from "./benchmark";

const SEED = 1;
const SCRIPT_MS = 120_000;

export const turnBenchmark: Benchmark = {
  name: "turn",
  description:
    "taking turns, at the speaker: latency, cut-offs, interruptions, backchannels, noise, side talk (15 min)",
  async run(context) {
    const speech = await openUserVoices(context.log);
    try {
      const resamplers = await createSpeexResamplerFactory();
      return await withOwnHost(context, async (host) => {
        const runner = createRealTimeRunner({ url: host.url, token: undefined });
        const deps = { runner, speech, resamplers };
        const cpu = startCpuMeter(host);
        const latency = await playAll(context, deps, latencyScripts(context));
        const cpuRatio = cpu.read();
        const rest = await playAll(context, deps, [...pauseScripts(context), ...storyScripts(context)]);
        const { "first-audio latency at the speaker": firstAudio } = turnRows(latency);
        const rows: Record<string, Measure> = {
          ...turnRows(rest),
          ...(firstAudio === undefined ? {} : { "first-audio latency at the speaker": firstAudio }),
          ...overlapRows(rest),
          ...heardTextRows(rest),
          ...summariseWaterfalls(latency.waterfalls),
          "CPU of one live conversation, orchestrator, ears and worker": single("cores", cpuRatio, { atMost: 0.35 }),
        };
        return {
          n: [latency, rest].flatMap((tally) => [...tally.questions, ...tally.interruptions, ...tally.ignorables])
            .length,
          measures: rows,
        };
      });
    } finally {
      await speech.close();
    }
  },
};

const scripts = (
  context: BenchmarkContext,
  options: { name: string; count: number; compose: Script["compose"] },
): Script[] =>
  Array.from({ length: options.count }, (_, index) => ({
    name: `${options.name} ${index + 1}`,
    seed: SEED,
    half: context.half,
    room: "headphones",
    compose: options.compose,
    maxMs: SCRIPT_MS,
  }));

const latencyScripts = (context: BenchmarkContext): Script[] =>
  scripts(context, { name: "latency", count: 5, compose: (deps) => composeShortQuestions(deps, 8) });
const pauseScripts = (context: BenchmarkContext): Script[] =>
  scripts(context, { name: "pauses", count: 3, compose: (deps) => composeQuestions(deps, 9) });
const storyScripts = (context: BenchmarkContext): Script[] =>
  scripts(context, { name: "story", count: 10, compose: (deps) => composeStory(deps, 5) });

async function playAll(context: BenchmarkContext, deps: PlayDeps, all: readonly Script[]): Promise<Tally> {
  let tally = EMPTY_TALLY;
  for (const script of all) {
    context.progress(script.name);
    tally = addTallies(tally, tallyConversation(await playScript(deps, script)));
  }
  return tally;
}

/** Share of a core that the three processes of a conversation take. */
function startCpuMeter(host: OwnHost): { read(): number } {
  const pids = Object.values(host.pids());
  const sumMs = (): number => pids.reduce((sum, pid) => sum + readCpuMs(pid), 0);
  const [cpuMs, startMs] = [sumMs(), systemClock.nowMs()];
  return { read: () => (sumMs() - cpuMs) / (systemClock.nowMs() - startMs) };
}

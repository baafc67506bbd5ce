import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { systemClock } from "#adapters/system/system-clock";
import { parseWith } from "#contracts/parse";
import { single } from "#score/figures/measure";
import { echoRows, heardTextRows, overlapRows, turnRows, unscoredRows, type Rows } from "#score/measure/panel";
import { addTallies, EMPTY_TALLY, judgedEvents, tallyConversation, type Tally } from "#score/measure/tally";
import { summariseWaterfalls } from "#score/measure/waterfall";
import { playScript } from "#score/play-script";
import { composeShortQuestions } from "#score/user/compose-script";
import { withOwnHost, type OwnHost } from "../bin/own-host";
import { places } from "../bin/places";
import { readCpuMs } from "../bin/process-figures";
import { createRealTimeRunner } from "../bin/real-time-runner";
import { openUserVoices } from "../bin/user-voices";
import type { Benchmark, BenchmarkContext } from "./benchmark";
import { addSystemVoices } from "./system-voices";
import { TURN_PARTS, type TurnPartName } from "./turn-parts";

const SEED = 1;
const LATENCY = { conversations: 6, questions: 10, maxMs: 120_000 };
const LATENCY_ROW = "first-audio latency at the speaker";
const GOAL_CORES = 0.35;
/** As many parts at a time as a small computer has cores. */
const PROCESSES = 2;

export const turnBenchmark: Benchmark = {
  name: "turn",
  description:
    "taking turns, judged at the speaker: latency, cut-offs, interruptions, noise, echo, heard text (15 min)",
  async run(context) {
    const { tally: latency, cores } = await playLatency(context);
    const parts = await playParts(context);
    const near = addTallies(addTallies(parts.stories, parts.pauses), parts.interruptions);
    const far = addTallies(parts["loudspeakers 1"], parts["loudspeakers 2"]);
    const { [LATENCY_ROW]: firstAudio } = turnRows(latency);
    // The clock that is not virtual is the one to ask for latency.
    const { [LATENCY_ROW]: virtualFirstAudio, ...turns } = turnRows(near);
    const measures: Rows = {
      ...named(LATENCY_ROW, firstAudio),
      ...named(`${LATENCY_ROW}, virtual clock`, virtualFirstAudio),
      ...turns,
      ...overlapRows(near),
      ...echoRows(far),
      ...heardTextRows(addTallies(near, far)),
      ...unscoredRows(addTallies(near, far)),
      "CPU of one live conversation, orchestrator, ears and worker": single("cores", cores, { atMost: GOAL_CORES }),
      ...summariseWaterfalls(latency.waterfalls),
    };
    return { n: [latency, near, far].flatMap(judgedEvents).length, measures };
  },
};

function named(name: string, measure: Rows[string] | undefined): Rows {
  return measure === undefined ? {} : { [name]: measure };
}

/** Questions without a pause, in real time with real processes. */
async function playLatency(context: BenchmarkContext): Promise<{ tally: Tally; cores: number }> {
  const flite = await openUserVoices(context.log);
  try {
    const speech = await addSystemVoices(flite, context.workFolder);
    const resamplers = await createSpeexResamplerFactory();
    context.progress(`the user's voices: ${speech.voices.join(", ")}`);
    return await withOwnHost(context, async (host) => {
      const deps = { speech, resamplers, runner: createRealTimeRunner({ url: host.url, token: undefined }) };
      const cpu = startCpuMeter(host);
      let tally = EMPTY_TALLY;
      for (let index = 1; index <= LATENCY.conversations; index++) {
        context.progress(`real time ${index} of ${LATENCY.conversations}`);
        const conversation = await playScript(deps, {
          name: `latency ${index}`,
          seed: SEED,
          half: context.half,
          room: "headphones",
          compose: (compose) => composeShortQuestions(compose, LATENCY.questions),
          maxMs: LATENCY.maxMs,
        });
        tally = addTallies(tally, tallyConversation(conversation));
      }
      return { tally, cores: cpu.read() };
    });
  } finally {
    await flite.close();
  }
}

/** Share of a core that the three processes of a conversation take. */
function startCpuMeter(host: OwnHost): { read(): number } {
  const pids = Object.values(host.pids());
  const sumMs = (): number => pids.reduce((sum, pid) => sum + readCpuMs(pid), 0);
  const [cpuMs, startMs] = [sumMs(), systemClock.nowMs()];
  return { read: () => (sumMs() - cpuMs) / (systemClock.nowMs() - startMs) };
}

async function playParts(context: BenchmarkContext): Promise<Record<TurnPartName, Tally>> {
  const waiting = Object.keys(TURN_PARTS) as TurnPartName[];
  const tallies: Partial<Record<TurnPartName, Tally>> = {};
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      tallies[name] = await playElsewhere(context, name);
  };
  await Promise.all(Array.from({ length: PROCESSES }, work));
  return tallies as Record<TurnPartName, Tally>;
}

/** The same program on the other side made it. */
const PartMessage = z.object({ tally: z.custom<Tally>() });

async function playElsewhere({ half, workFolder }: BenchmarkContext, name: TurnPartName): Promise<Tally> {
  const folder = path.join(workFolder, name);
  await mkdir(folder);
  const entry = fileURLToPath(new URL("turn-part.js", places.entryFolder));
  const child = fork(entry, [name, half, folder], { serialization: "advanced" });
  let tally: Tally | undefined;
  child.on("message", (message) => {
    const parsed = parseWith(PartMessage, message);
    if (parsed.ok) tally = parsed.value.tally;
  });
  const [code] = (await once(child, "exit")) as [number | null];
  if (tally === undefined) throw new Error(`the part ${name} ended with code ${code ?? "none"}`);
  return tally;
}

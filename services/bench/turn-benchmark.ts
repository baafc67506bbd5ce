import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { parseWith } from "#contracts/parse";
import { single } from "#score/figures/measure";
import { echoRows, heardTextRows, overlapRows, turnRows, unscoredRows, type Rows } from "#score/measure/panel";
import { addTallies, judgedEvents, type Tally } from "#score/measure/tally";
import { summariseWaterfalls } from "#score/measure/waterfall";
import { places } from "../bin/places";
import type { Benchmark, BenchmarkContext } from "./benchmark";
import { playLatency } from "./turn-latency";
import { TURN_PARTS, type TurnPartName } from "./turn-parts";

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
    const near = [parts["stories 1"], parts["stories 2"], parts.pauses, parts.interruptions].reduce(addTallies);
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

/** Rejects when a part could not be played; none runs on then. */
async function playParts(context: BenchmarkContext): Promise<Record<TurnPartName, Tally>> {
  const waiting = Object.keys(TURN_PARTS) as TurnPartName[];
  const tallies: Partial<Record<TurnPartName, Tally>> = {};
  const stop = new AbortController();
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
      tallies[name] = await playElsewhere(context, { name, signal: stop.signal });
  };
  try {
    await Promise.all(Array.from({ length: PROCESSES }, work));
  } finally {
    stop.abort();
  }
  return tallies as Record<TurnPartName, Tally>;
}

/** The same program on the other side made it. */
const PartMessage = z.object({ tally: z.custom<Tally>() });

async function playElsewhere(
  { half, workFolder }: BenchmarkContext,
  { name, signal }: { name: TurnPartName; signal: AbortSignal },
): Promise<Tally> {
  const folder = path.join(workFolder, name);
  await mkdir(folder);
  const entry = fileURLToPath(new URL("turn-part.js", places.entryFolder));
  const child = fork(entry, [name, half, folder], { serialization: "advanced", signal });
  let tally: Tally | undefined;
  child.on("message", (message) => {
    const parsed = parseWith(PartMessage, message);
    if (parsed.ok) tally = parsed.value.tally;
  });
  // Only when it is disconnected, the last message has come.
  const [[code]] = (await Promise.all([once(child, "exit"), once(child, "disconnect")])) as [[number | null], unknown];
  if (tally === undefined) throw new Error(`the part ${name} ended with code ${code ?? "none"}`);
  return tally;
}

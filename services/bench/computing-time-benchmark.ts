import { createSpeakableText } from "#adapters/speakable-text/speakable-text";
import { EARS_SAMPLE_RATE_HZ, msToSamples, samplesToMs } from "#contracts/units";
import { single, type Measure } from "#score/figures/measure";
import { sum } from "#score/figures/statistics";
import { openSimulationEngines, type SimulationEngines } from "#sim/simulation-engines";
import { resample } from "./bench-audio";
import type { Benchmark } from "./benchmark";
import { leastSquares } from "./least-squares";
import { loadRecordedSpeech } from "./recorded-speech";
import { TWELVE_WORD_SENTENCES } from "./sentences";

/** As the listener asks for partial transcripts. */
const PARTIAL_MS = 400;
const ROUNDS = 3;

interface Fit {
  rows: number[][];
  cpuMs: number[];
}

/** Time of the processor, so that a busy computer gives the same figures as an idle one. */
export const computingTimeBenchmark: Benchmark = {
  name: "computing-time",
  description: "what decoding and speaking cost, as the virtual clock charges them (1 min)",
  async run({ log }) {
    const engines = await openSimulationEngines({ log });
    try {
      const decodes = await measureDecodes(engines);
      const clauses = await measureClauses(engines);
      return {
        n: decodes.cpuMs.length + clauses.cpuMs.length,
        measures: {
          ...fitted("decode", decodes, ["each", "per second of audio", "per new token"]),
          ...fitted("clause", clauses, ["each", "per second of speech"]),
        },
      };
    } finally {
      await engines.close();
    }
  },
};

function fitted(what: string, { rows, cpuMs }: Fit, names: readonly string[]): Record<string, Measure> {
  const weights = leastSquares(rows, cpuMs);
  const misses = rows.map((row, index) =>
    Math.abs(sum(row.map((value, column) => value * (weights[column] ?? 0))) - (cpuMs[index] ?? 0)),
  );
  return {
    ...Object.fromEntries(names.map((name, index) => [`${what}: ${name}`, single("ms", weights[index] ?? 0)])),
    [`${what}: mean distance from the fit`]: single("ms", sum(misses) / misses.length),
    [`${what}: mean`]: single("ms", sum(cpuMs) / cpuMs.length),
  };
}

/** Growing prefixes of recorded speech, each decoded with the tokens of the one before. */
async function measureDecodes({ decoder }: SimulationEngines): Promise<Fit> {
  const fit: Fit = { rows: [], cpuMs: [] };
  for (const clip of await loadRecordedSpeech()) {
    const samples = await resample(clip.samples, { fromHz: clip.sampleRateHz, toHz: EARS_SAMPLE_RATE_HZ });
    for (let round = 0; round < ROUNDS; round++) {
      let previous: readonly number[] = [];
      const stepSamples = msToSamples(PARTIAL_MS, EARS_SAMPLE_RATE_HZ);
      for (let end = 2 * stepSamples; end <= samples.length; end += stepSamples) {
        const earlier = previous;
        const { result, cpuMs } = await timed(() => decoder.decode(samples.slice(0, end), earlier));
        const differsAt = result.tokens.findIndex((token, index) => token !== earlier[index]);
        const newTokens = differsAt < 0 ? 0 : result.tokens.length - differsAt;
        fit.rows.push([1, end / EARS_SAMPLE_RATE_HZ, newTokens]);
        fit.cpuMs.push(cpuMs);
        previous = result.tokens;
      }
    }
  }
  return fit;
}

async function measureClauses({ voice }: SimulationEngines): Promise<Fit> {
  const fit: Fit = { rows: [], cpuMs: [] };
  const normalizer = createSpeakableText();
  const { signal } = new AbortController();
  const texts = TWELVE_WORD_SENTENCES.flatMap((text) => [text, text.split(" ").slice(0, 3).join(" ")]);
  // Once unmeasured: words that are new to the aligner cost more.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const text of texts) {
      const clause = { modelId: "flite-slt", tokens: normalizer.normalize(text), signal };
      const { result, cpuMs } = await timed(() => voice.synthesize(clause));
      if (round === 0) continue;
      fit.rows.push([1, samplesToMs(result.samples.length, result.sampleRateHz) / 1000]);
      fit.cpuMs.push(cpuMs);
    }
  }
  return fit;
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; cpuMs: number }> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return { result, cpuMs: (user + system) / 1000 };
}

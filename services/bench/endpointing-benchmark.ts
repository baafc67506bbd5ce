import { createMoonshineDecoder } from "#adapters/moonshine-asr/moonshine-decoder";
import { resolveMoonshineModels } from "#adapters/moonshine-asr/resolve-moonshine-models";
import { resolveSileroModel } from "#adapters/silero-vad/resolve-silero-model";
import { createSileroDetectorFactory } from "#adapters/silero-vad/silero-detector";
import { createEndpointScorer, endpointDelaysAround } from "#core/turn/endpointing";
import { places } from "../bin/places";
import { loadOrchestratorConfig } from "../bin/own-config";
import { openUserVoices } from "../bin/user-voices";
import type { Benchmark, BenchmarkContext } from "./benchmark";
import { hearTurn, type HearingDeps } from "./endpointing-hearing";
import { scoreGroups, scoreRule, type EndpointRule, type LabelledSilence } from "./endpointing-score";
import { loadLabelledTurns } from "./endpointing-set";
import { speakTurn } from "./endpointing-speech";

const TURNS_FILE = new URL("../../services/bench/endpointing-turns.yaml", places.entryFolder);
const FIXED_DELAYS_MS = [300, 450, 600, 700];

export const endpointingBenchmark: Benchmark = {
  name: "endpointing",
  description: "labelled pauses and ends of turns through VAD, recognition and the endpoint scorer (1 min)",
  async run(context) {
    const config = await loadOrchestratorConfig(undefined);
    const silences = await hearSet(context);
    const scorer = createEndpointScorer(endpointDelaysAround(config.turn.endpointDelayMs));
    const rule: EndpointRule = (evidence) => scorer.judge(evidence).endpointDelayMs;
    const wordsOnly: EndpointRule = (evidence) => rule({ ...evidence, prosody: undefined });
    return {
      n: silences.length,
      measures: {
        ...scoreRule(silences, { name: "words and voice", rule, isJudged: true }),
        ...scoreGroups(silences, rule),
        ...scoreRule(silences, { name: "words alone", rule: wordsOnly, isJudged: false }),
        ...Object.fromEntries(
          FIXED_DELAYS_MS.flatMap((delayMs) =>
            Object.entries(scoreRule(silences, { name: `fixed ${delayMs} ms`, rule: () => delayMs, isJudged: false })),
          ),
        ),
      },
    };
  },
};

async function hearSet(context: BenchmarkContext): Promise<LabelledSilence[]> {
  const turns = (await loadLabelledTurns(TURNS_FILE)).filter(({ half }) => half === context.half);
  context.progress(`${turns.length} turns of the ${context.half} half`);
  const voices = await openUserVoices(context.log);
  try {
    return await withHearing(async (hearing) => {
      const all: LabelledSilence[] = [];
      for (const turn of turns) {
        const silences = await hearTurn(await speakTurn(turn, voices), hearing);
        // The end of a recording counts once, not again for each pause that was opened in it.
        const isRepeated = turn.source.type === "recording" && turn.source.pauseAtMs !== undefined;
        const counted = isRepeated ? silences.filter(({ resumedAfterMs }) => resumedAfterMs !== undefined) : silences;
        all.push(...counted.map((silence) => ({ ...silence, group: turn.group })));
      }
      return all;
    });
  } finally {
    await voices.close();
  }
}

/** The product's models in this process: nothing here needs to keep up with real time. */
async function withHearing<T>(use: (hearing: HearingDeps) => Promise<T>): Promise<T> {
  const decoder = await createMoonshineDecoder(resolveMoonshineModels());
  const detectors = await createSileroDetectorFactory({ modelPath: resolveSileroModel() });
  try {
    return await use({ decoder, detectors });
  } finally {
    detectors.dispose();
    await decoder.close();
  }
}

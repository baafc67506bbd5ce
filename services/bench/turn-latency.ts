import { systemClock } from "#adapters/system/system-clock";
import { EARS_SAMPLE_RATE_HZ } from "#contracts/units";
import { setActiveLevel, trimSilence } from "#score/audio/level";
import { addTallies, EMPTY_TALLY, tallyConversation, type Tally } from "#score/measure/tally";
import { playScript, type Script } from "#score/play-script";
import { composeShortQuestions, itemsOf, type ComposeDeps } from "#score/user/compose-script";
import type { ScriptStep } from "#score/user/user-sound";
import type { OwnHost } from "../bin/own-host";
import { withOwnParley } from "../bin/own-parley";
import { readCpuMs } from "../bin/process-figures";
import { resample } from "./bench-audio";
import type { BenchmarkContext } from "./benchmark";
import { loadRecordedSpeech, type SpeechClip } from "./recorded-speech";
import { addSystemVoices } from "./system-voices";

const SEED = 1;
const LATENCY = { conversations: 5, questions: 12, maxMs: 120_000 };
/** So much of an answer is heard before the user presses stop, ms: only its beginning is measured. */
const HEARD_MS = 700;
/** Of the recorded sentences at the microphone. */
const RECORDED_DB = -26;

/** What people have read aloud; they are statements, but each is answered. */
async function composeRecordings({ half }: ComposeDeps): Promise<ScriptStep[]> {
  const clips = itemsOf(await loadRecordedSpeech(), half);
  const at16Khz = ({ samples, sampleRateHz }: SpeechClip): Promise<Float32Array> =>
    resample(samples, { fromHz: sampleRateHz, toHz: EARS_SAMPLE_RATE_HZ });
  const asked = await Promise.all(clips.map(async (clip) => ({ ...clip, samples: await at16Khz(clip) })));
  return asked.map(({ name, reference, samples }) => ({
    type: "ask",
    sound: {
      kind: "question",
      detail: "recorded",
      text: reference,
      voice: name,
      levelDb: RECORDED_DB,
      samples: setActiveLevel(trimSilence(samples, EARS_SAMPLE_RATE_HZ), RECORDED_DB, EARS_SAMPLE_RATE_HZ),
      pauses: [],
    },
  }));
}

/** Questions without a pause, in real time with real processes. */
export async function playLatency(context: BenchmarkContext): Promise<{ tally: Tally; cores: number }> {
  return withOwnParley(
    context,
    async (deps, host) => {
      context.progress(`the user's voices: ${deps.speech.voices.join(", ")}`);
      const cpu = startCpuMeter(host);
      const composed: Script["compose"][] = [
        ...Array.from(
          { length: LATENCY.conversations },
          () => (compose: ComposeDeps) => composeShortQuestions(compose, LATENCY.questions),
        ),
        composeRecordings,
      ];
      let tally = EMPTY_TALLY;
      for (const [index, compose] of composed.entries()) {
        context.progress(`real time ${index + 1} of ${composed.length}`);
        const script = { name: `latency ${index + 1}`, seed: SEED, half: context.half, compose, maxMs: LATENCY.maxMs };
        const conversation = await playScript(deps, { ...script, room: "headphones" });
        tally = addTallies(tally, tallyConversation(conversation));
      }
      return { tally, cores: cpu.read() };
    },
    { stopAnswersAfterMs: HEARD_MS, addVoices: (speech) => addSystemVoices(speech, context.workFolder) },
  );
}

/** Share of a core that the three processes of a conversation take. */
function startCpuMeter(host: OwnHost): { read(): number } {
  const pids = Object.values(host.pids());
  const sumMs = (): number => pids.reduce((sum, pid) => sum + readCpuMs(pid), 0);
  const [cpuMs, startMs] = [sumMs(), systemClock.nowMs()];
  return { read: () => (sumMs() - cpuMs) / (systemClock.nowMs() - startMs) };
}

import { concatFloat } from "#core/audio/pcm";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { measureTruePeakDb } from "./bench-audio";
import { withEars } from "./bench-ears";
import { withOwnHost } from "../bin/own-host";
import { withVoice, type BenchVoice } from "./bench-voice";
import type { Benchmark, BenchmarkContext } from "./benchmark";
import { errorRateOf } from "./error-rate";
import { integratedLufs } from "./loudness";
import { single, spread, type Measure } from "#score/figures/measure";
import { TWELVE_WORD_SENTENCES } from "./sentences";

const DEFAULT_VOICE = "flite-slt";
const VOICES = [DEFAULT_VOICE, "flite-awb", "flite-rms", "flite-kal16"];
const FIRST_FRAME_COUNT = 50;
const WARM_UP_COUNT = 3;

const goals = {
  firstFrameMs: { atMost: 120 },
  errorRate: { atMost: 0.15 },
  loudnessLufs: { atLeast: -18, atMost: -14 },
  truePeakDb: { atMost: -1 },
};

interface Reading {
  voice: string;
  /** One recording per sentence. */
  recordings: { sentence: string; samples: Float32Array }[];
}

export const sayBenchmark: Benchmark = {
  name: "say",
  description: "the worker's voices: first frame of a sentence, intelligibility, loudness (3 min)",
  async run(context) {
    const spoken = await withOwnHost(context, (host) =>
      withVoice({ context, host }, async (voice) => ({
        firstFramesMs: await measureFirstFrames(context, voice),
        readings: await readAloud(context, voice),
      })),
    );
    const perVoice = await withEars(context, async (ears) => {
      const measures: Record<string, Measure> = {};
      for (const reading of spoken.readings) {
        context.progress(`listening to ${reading.voice}`);
        const pairs = [];
        for (const { sentence, samples } of reading.recordings) {
          const { text } = await ears.transcribe({ samples, sampleRateHz: VOICE_SAMPLE_RATE_HZ });
          pairs.push({ reference: sentence, heard: text });
        }
        Object.assign(measures, await judgeVoice(reading, errorRateOf(pairs)));
      }
      return measures;
    });
    return {
      n: spoken.firstFramesMs.length,
      measures: {
        "first frame of a 12-word sentence, text sent to frame received over loopback gRPC, warm": spread(
          "ms",
          spoken.firstFramesMs,
          { of: "p95", limits: goals.firstFrameMs },
        ),
        ...perVoice,
      },
    };
  },
};

async function measureFirstFrames(context: BenchmarkContext, voice: BenchVoice): Promise<number[]> {
  context.progress("measuring the first frame");
  const samplesMs: number[] = [];
  for (let index = 0; index < WARM_UP_COUNT + FIRST_FRAME_COUNT; index++) {
    const sentence = TWELVE_WORD_SENTENCES[index % TWELVE_WORD_SENTENCES.length] ?? "";
    const { firstFrameMs } = await voice.speak(sentence, { voice: DEFAULT_VOICE, firstFrameOnly: true });
    if (index >= WARM_UP_COUNT) samplesMs.push(firstFrameMs);
  }
  return samplesMs;
}

/** All voices at the same time: frames come in real time, so that one after the other would take minutes. */
async function readAloud(context: BenchmarkContext, voice: BenchVoice): Promise<Reading[]> {
  context.progress("reading aloud with all voices");
  return Promise.all(
    VOICES.map(async (modelId) => {
      const recordings = [];
      for (const sentence of TWELVE_WORD_SENTENCES) {
        const { samples } = await voice.speak(sentence, { voice: modelId });
        recordings.push({ sentence, samples });
      }
      return { voice: modelId, recordings };
    }),
  );
}

async function judgeVoice({ voice, recordings }: Reading, errorRate: number): Promise<Record<string, Measure>> {
  const samples = concatFloat(recordings.map((recording) => recording.samples));
  const what = `${voice}, ${recordings.length} sentences`;
  return {
    [`${what}: word error rate heard by the ears`]: single("ratio", errorRate, goals.errorRate),
    [`${what}: loudness`]: single("LUFS", integratedLufs(samples), goals.loudnessLufs),
    [`${what}: true peak`]: single("dBTP", await measureTruePeakDb(samples), goals.truePeakDb),
  };
}

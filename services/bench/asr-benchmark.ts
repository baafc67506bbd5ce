import type { TalkEvent } from "#contracts/events/talk-event";
import { floatToPcm } from "#core/audio/pcm";
import { createRecordedMicrophone } from "#core/talk/talk-microphone";
import { padPcm, resample } from "./bench-audio";
import { withEars } from "./bench-ears";
import { withOwnHost, type OwnHost } from "../bin/own-host";
import type { Benchmark, BenchmarkContext } from "./benchmark";
import { errorRateOf } from "./error-rate";
import { FinalTranscriptCost } from "./final-transcript-cost";
import { single, spread } from "#score/figures/measure";
import { readCpuMs } from "../bin/process-figures";
import { loadRecordedSpeech, type SpeechClip, type SpeechSet } from "./recorded-speech";
import { sum } from "#score/figures/statistics";
import { joinUserTexts } from "./user-texts";
import { talkTo } from "./talk-to";

const MIC_RATE_HZ = 48_000;
/** The final transcript is there long before the second silence is over; the answer is not listened to. */
const SILENCE = { beforeMs: 500, afterMs: 3_000, sampleRateHz: MIC_RATE_HZ };
/** Partials come at other places each time, and with them other decodes. */
const ROUNDS = 3;

const goals = { errorRate: { atMost: 0.06 }, realTimeFactor: { atMost: 0.1 }, finalMs: { atMost: 80 } };

interface HeardClip {
  set: SpeechSet;
  reference: string;
  heard: string;
}

export const asrBenchmark: Benchmark = {
  name: "asr",
  description: "recorded speech through microphone frames, VAD and recognition: word errors, cost (4 min)",
  async run(context) {
    const clips = await loadRecordedSpeech();
    const plain = await decodePlainly(context, clips);
    const live = await withOwnHost(context, (host) => hearLive(context, host, clips));
    const speechMs = sum(clips.map((clip) => clip.durationMs));
    const rateOf = (set: SpeechSet): number => errorRateOf(live.heard.filter((one) => one.set === set));
    return {
      n: live.heard.length,
      measures: {
        "word error rate, whole path": single("ratio", errorRateOf(live.heard), goals.errorRate),
        "word error rate, whole path, librivox": single("ratio", rateOf("librivox")),
        "word error rate, whole path, cards": single("ratio", rateOf("cards")),
        "word error rate, files decoded directly": single("ratio", errorRateOf(plain.heard)),
        "real-time factor, one decode of the whole utterance": single(
          "ratio",
          plain.decodeMs / speechMs,
          goals.realTimeFactor,
        ),
        "real-time factor, CPU time of the ears for all partials and finals": single(
          "ratio",
          live.cpuMs / (ROUNDS * speechMs),
        ),
        "final transcript, request to arrival, after a partial": spread("ms", live.finalsMs, {
          of: "p50",
          limits: goals.finalMs,
        }),
      },
    };
  },
};

async function decodePlainly(
  context: BenchmarkContext,
  clips: readonly SpeechClip[],
): Promise<{ decodeMs: number; heard: HeardClip[] }> {
  context.progress("decoding the files directly");
  return withEars(context, async (ears) => {
    let decodeMs = 0;
    const heard: HeardClip[] = [];
    for (const clip of clips) {
      const transcript = await ears.transcribe(clip);
      decodeMs += transcript.decodeMs;
      heard.push({ set: clip.set, reference: clip.reference, heard: transcript.text });
    }
    return { decodeMs, heard };
  });
}

async function hearLive(
  context: BenchmarkContext,
  host: OwnHost,
  clips: readonly SpeechClip[],
): Promise<{ heard: HeardClip[]; finalsMs: number[]; cpuMs: number }> {
  const { ears } = host.pids();
  const cost = new FinalTranscriptCost(`${host.httpUrl}/metrics`);
  const cpuBeforeMs = readCpuMs(ears);
  const heard: HeardClip[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    for (const clip of clips) {
      const text = joinUserTexts(await speakTo(host, clip, cost));
      context.progress(`round ${round}, ${clip.name.slice(-12)}: ${text}`);
      heard.push({ set: clip.set, reference: clip.reference, heard: text });
    }
  }
  return { heard, finalsMs: cost.samplesMs, cpuMs: readCpuMs(ears) - cpuBeforeMs };
}

/** One conversation in which the clip is all that is said. */
async function speakTo(host: OwnHost, clip: SpeechClip, cost: FinalTranscriptCost): Promise<TalkEvent[]> {
  const samples = await resample(clip.samples, { fromHz: clip.sampleRateHz, toHz: MIC_RATE_HZ });
  const pcm = padPcm(floatToPcm(samples), SILENCE);
  const events: TalkEvent[] = [];
  const { error } = await talkTo(host.url, {
    microphone: createRecordedMicrophone({ pcm, sampleRateHz: MIC_RATE_HZ }),
    tailMs: 0,
    maxMs: (pcm.length * 1000) / MIC_RATE_HZ,
    onEvent: (event) => {
      events.push(event);
      cost.receive(event);
    },
  });
  await cost.settled();
  if (error !== undefined) throw error;
  return events;
}

import { createWsConnector } from "#adapters/ws-client/ws-connector";
import { systemClock } from "#adapters/system/system-clock";
import type { TalkEvent } from "#contracts/events/talk-event";
import type { TurnMetrics } from "#contracts/protocol/server-message";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { floatToPcm, pcmToFloat } from "#core/audio/pcm";
import { holdConversation } from "../bin/talk-conversation";
import { createRecordedMicrophone } from "../bin/talk-microphone";
import { padPcm, resample } from "./bench-audio";
import { withHost, type BenchHost } from "./bench-host";
import { withVoice } from "./bench-voice";
import type { Benchmark, BenchmarkContext } from "./benchmark";
import { judgeReply, type Reply } from "./first-audio";
import { single, spread, type Measure } from "./measure";
import { loadRecordedSpeech } from "./recorded-speech";
import { QUESTIONS } from "./sentences";

/** The agent answers with another one. */
const USER_VOICE = "flite-awb";
const LEAD_SILENCE = { beforeMs: 500, afterMs: 0, sampleRateHz: VOICE_SAMPLE_RATE_HZ };
const TAIL_MS = 500;
/** An answer that has not come by then does not come. */
const LONGEST_CONVERSATION_MS = 40_000;

const goals = { latencyMs: { atMost: 900 }, missing: { atMost: 0 } };

const STAGES = [
  "endpointMs",
  "finalTranscriptMs",
  "brainFirstTokenMs",
  "firstClauseMs",
  "leaseMs",
  "workerFirstFrameMs",
  "firstFrameSentMs",
  "playoutStartMs",
] as const satisfies (keyof TurnMetrics)[];

interface Utterance {
  name: string;
  /** 48 kHz. */
  pcm: Int16Array;
}

interface Exchange {
  reply: Reply;
  metrics: TurnMetrics | undefined;
}

export const firstAudioBenchmark: Benchmark = {
  name: "first-audio",
  description: "end of the user's speech to the first audible sample of the answer, on the recorded audio (5 min)",
  async run(context) {
    const exchanges = await withHost(context, async (host) => {
      const all: Exchange[] = [];
      for (const utterance of await prepareUtterances(context, host)) {
        const exchange = await ask(host, utterance);
        context.progress(`${utterance.name}: ${describe(exchange.reply)}`);
        all.push(exchange);
      }
      return all;
    });
    const answered = exchanges.flatMap(({ reply, metrics }) =>
      reply.type === "answered" ? [{ latencyMs: reply.latencyMs, metrics }] : [],
    );
    const count = (type: Reply["type"]): number => exchanges.filter(({ reply }) => reply.type === type).length;
    return {
      n: answered.length,
      measures: {
        "end of speech in the user's audio to first audible sample at the speaker": spread(
          "ms",
          answered.map(({ latencyMs }) => latencyMs),
          { of: "p50", limits: goals.latencyMs },
        ),
        "utterances without an answer": single("utterances", count("unanswered"), goals.missing),
        "utterances over whose end the agent spoke, not measured": single("utterances", count("overlapped")),
        ...waterfall(answered.flatMap(({ metrics }) => metrics ?? [])),
      },
    };
  },
};

/** From the end of speech as the VAD placed it. */
function waterfall(metrics: readonly TurnMetrics[]): Record<string, Measure> {
  return Object.fromEntries(
    STAGES.flatMap((stage) => {
      const samplesMs = metrics.flatMap((one) => one[stage] ?? []);
      return samplesMs.length === 0 ? [] : [[`stage ${stage}, from the VAD's end of speech`, spread("ms", samplesMs)]];
    }),
  );
}

async function prepareUtterances(context: BenchmarkContext, host: BenchHost): Promise<Utterance[]> {
  context.progress("preparing the user's utterances");
  const clips = await loadRecordedSpeech();
  const recorded = clips.map(async ({ name, samples, sampleRateHz }) => ({
    name: name.slice(-12),
    pcm: floatToPcm(await resample(samples, { fromHz: sampleRateHz, toHz: VOICE_SAMPLE_RATE_HZ })),
  }));
  const synthesised = await withVoice({ context, host }, async (voice) => {
    const utterances: Utterance[] = [];
    for (const text of QUESTIONS) {
      const { samples } = await voice.speak(text, { voice: USER_VOICE });
      utterances.push({ name: text, pcm: floatToPcm(samples) });
    }
    return utterances;
  });
  return [...(await Promise.all(recorded)), ...synthesised];
}

async function ask(host: BenchHost, utterance: Utterance): Promise<Exchange> {
  const input = padPcm(utterance.pcm, LEAD_SILENCE);
  const events: TalkEvent[] = [];
  const { recording, error } = await holdConversation({
    connect: createWsConnector(host.url),
    clock: systemClock,
    microphone: createRecordedMicrophone({ pcm: input, sampleRateHz: VOICE_SAMPLE_RATE_HZ }),
    token: undefined,
    voice: undefined,
    tailMs: TAIL_MS,
    maxMs: LONGEST_CONVERSATION_MS,
    onEvent: (event) => events.push(event),
  });
  if (error !== undefined) throw error;
  const metrics = events.flatMap((event) => (event.type === "turn-metrics" ? [event.metrics] : [])).at(-1);
  return { reply: judgeReply({ user: pcmToFloat(input), agentPcm: recording.agentPcm }), metrics };
}

function describe(reply: Reply): string {
  return reply.type === "answered" ? `${Math.round(reply.latencyMs)} ms` : reply.type;
}

import type { TalkEvent } from "#contracts/events/talk-event";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { floatToPcm, pcmToFloat } from "#core/audio/pcm";
import { createRecordedMicrophone } from "#core/talk/talk-microphone";
import { padPcm, resample } from "./bench-audio";
import { withOwnHost, type OwnHost } from "../bin/own-host";
import type { Benchmark, BenchmarkContext } from "./benchmark";
import { judgeReply, lastMeasuredTurn, type Reply } from "./first-audio";
import { single, spread } from "#score/figures/measure";
import { readWaterfall, summariseWaterfalls, type Waterfall } from "#score/measure/waterfall";
import { loadRecordedSpeech } from "./recorded-speech";
import { speakQuestions } from "./spoken-questions";
import { talkTo } from "./talk-to";

const LEAD_SILENCE = { beforeMs: 500, afterMs: 0, sampleRateHz: VOICE_SAMPLE_RATE_HZ };
const TAIL_MS = 500;
/** An answer that has not come by then does not come. */
const LONGEST_CONVERSATION_MS = 40_000;

const goals = { latencyMs: { atMost: 900 }, missing: { atMost: 0 } };

interface Utterance {
  name: string;
  /** 48 kHz. */
  pcm: Int16Array;
}

interface Exchange {
  reply: Reply;
  waterfall: Waterfall;
}

export const firstAudioBenchmark: Benchmark = {
  name: "first-audio",
  description: "end of the user's speech to the first audible sample of the answer, on the recorded audio (5 min)",
  async run(context) {
    const exchanges = await withOwnHost(context, async (host) => {
      const all: Exchange[] = [];
      for (const utterance of await prepareUtterances(context, host)) {
        const exchange = await ask(host, utterance);
        context.progress(`${utterance.name}: ${describe(exchange.reply)}`);
        all.push(exchange);
      }
      return all;
    });
    const latenciesMs = exchanges.flatMap(({ reply }) =>
      reply.type === "answered" ? [reply.audibleMs - reply.userEndMs] : [],
    );
    const count = (type: Reply["type"]): number => exchanges.filter(({ reply }) => reply.type === type).length;
    return {
      n: latenciesMs.length,
      measures: {
        "end of speech in the user's audio to first audible sample at the speaker": spread("ms", latenciesMs, {
          of: "p50",
          limits: goals.latencyMs,
        }),
        "utterances without an answer": single("utterances", count("unanswered"), goals.missing),
        "utterances over whose end the agent spoke, not measured": single("utterances", count("overlapped")),
        ...summariseWaterfalls(exchanges.map((exchange) => exchange.waterfall)),
      },
    };
  },
};

async function prepareUtterances(context: BenchmarkContext, host: OwnHost): Promise<Utterance[]> {
  context.progress("preparing the user's utterances");
  const utterances: Utterance[] = [];
  for (const { name, samples, sampleRateHz } of await loadRecordedSpeech()) {
    const atSpeakerRate = await resample(samples, { fromHz: sampleRateHz, toHz: VOICE_SAMPLE_RATE_HZ });
    utterances.push({ name: name.slice(-12), pcm: floatToPcm(atSpeakerRate) });
  }
  const questions = await speakQuestions(context, host);
  return [...utterances, ...questions.map(({ text, pcm }) => ({ name: text, pcm }))];
}

async function ask(host: OwnHost, utterance: Utterance): Promise<Exchange> {
  const input = padPcm(utterance.pcm, LEAD_SILENCE);
  const events: TalkEvent[] = [];
  const { recording, error } = await talkTo(host.url, {
    microphone: createRecordedMicrophone({ pcm: input, sampleRateHz: VOICE_SAMPLE_RATE_HZ }),
    tailMs: TAIL_MS,
    maxMs: LONGEST_CONVERSATION_MS,
    onEvent: (event) => events.push(event),
  });
  if (error !== undefined) throw error;
  const reply = judgeReply({ user: pcmToFloat(input), agentPcm: recording.agentPcm });
  const turn = lastMeasuredTurn(events);
  const isMeasured = reply.type === "answered" && turn !== undefined;
  return { reply, waterfall: isMeasured ? readWaterfall(events, { turn, ...reply }) : {} };
}

function describe(reply: Reply): string {
  return reply.type === "answered" ? `${Math.round(reply.audibleMs - reply.userEndMs)} ms` : reply.type;
}

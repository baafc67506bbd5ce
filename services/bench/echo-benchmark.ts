import { chooseEchoCancellers } from "#adapters/webrtc-apm/choose-echo-cancellers";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { EARS_SAMPLE_RATE_HZ, gainToDb, msToSamples, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { concatFloat, rms } from "#core/audio/pcm";
import type { EchoCancellerFactory } from "#core/ports/echo-canceller";
import type { ResamplerFactory } from "#core/ports/resampler";
import { single, type Measure } from "#score/figures/measure";
import { ROOM_NAMES, type RoomName } from "#score/room/room";
import { openUserVoices } from "../bin/user-voices";
import { resample } from "./bench-audio";
import type { Benchmark, BenchmarkContext } from "./benchmark";
import { hearRoom, type HeardWindow } from "./echo-room";
import { TWELVE_WORD_SENTENCES } from "./sentences";

const CANCELLERS = ["own", "apm"] as const;
const ROOMS_EACH = 10;
/** Cancellers are judged from then on. */
const SETTLED_MS = 2_500;
const USER_FROM_MS = 10_000;
/** Quieter windows are pauses. */
const MIN_ECHO_DB = -45;
const MIN_USER_DB = -35;

interface Sounds {
  /** 48 kHz. */
  agent: Float32Array;
  /** 16 kHz, from the start of the conversation on. */
  user: Float32Array;
}

export const echoBenchmark: Benchmark = {
  name: "echo",
  description: "Parley's echo canceller and WebRTC's in simulated rooms, with somebody who speaks over it (1 min)",
  async run(context) {
    const sounds = await speakSounds(context);
    const resamplers = await createSpeexResamplerFactory();
    const measures: Record<string, Measure> = {};
    for (const canceller of CANCELLERS) {
      const cancellers = await chooseEchoCancellers(canceller);
      for (const roomName of ROOM_NAMES) {
        context.progress(`${canceller}, ${roomName}`);
        Object.assign(measures, measureRooms({ cancellers, resamplers }, { roomName, sounds, canceller }));
      }
    }
    return { n: ROOMS_EACH, measures };
  },
};

function measureRooms(
  deps: { cancellers: EchoCancellerFactory; resamplers: ResamplerFactory },
  { roomName, sounds, canceller }: { roomName: RoomName; sounds: Sounds; canceller: string },
): Record<string, Measure> {
  const fromWindow = Math.ceil(SETTLED_MS / 32);
  const all = Array.from({ length: ROOMS_EACH }, (_, seed) => hearRoom(deps, { roomName, seed, ...sounds }));
  const windows = all.flatMap((heard) => heard.slice(fromWindow));
  const echoes = windows.filter(({ user, echo }) => rms(user) === 0 && gainToDb(rms(echo)) > MIN_ECHO_DB);
  const spoken = windows.filter(({ user }) => gainToDb(rms(user)) > MIN_USER_DB);
  const isKnown = ({ echoLikelihood }: HeardWindow): boolean => echoLikelihood > 0.5;
  const name = (what: string): string => `${canceller}, ${roomName}: ${what}`;
  const ofEcho = {
    [name("echo taken away")]: single("dB", levelDb(echoes, "echo") - levelDb(echoes, "rest")),
    [name("windows of echo known as echo")]: { ...share(echoes, isKnown), n: echoes.length },
  };
  return {
    ...(echoes.length > 0 ? ofEcho : {}),
    [name("windows of the user taken for echo")]: { ...share(spoken, isKnown), n: spoken.length },
    [name("level of the user over the agent")]: single("dB", levelDb(spoken, "rest") - levelDb(spoken, "microphone")),
  };
}

const levelDb = (windows: readonly HeardWindow[], part: "echo" | "microphone" | "rest"): number =>
  gainToDb(rms(concatFloat(windows.map((window) => window[part]))));

const share = (windows: readonly HeardWindow[], isCounted: (window: HeardWindow) => boolean): Measure =>
  single("ratio", windows.filter(isCounted).length / windows.length);

/** 20 s of the agent; from the tenth second on a user says two sentences over it. */
async function speakSounds({ log }: BenchmarkContext): Promise<Sounds> {
  const voices = await openUserVoices(log);
  try {
    const say = async (voice: string, texts: readonly string[]): Promise<Float32Array> =>
      concatFloat((await Promise.all(texts.map((text) => voices.speak(voice, [text])))).flat());
    const agent = await say("flite-slt", TWELVE_WORD_SENTENCES.slice(0, 5));
    const user = await say("flite-rms", TWELVE_WORD_SENTENCES.slice(5, 7));
    return {
      agent: await resample(agent, { fromHz: EARS_SAMPLE_RATE_HZ, toHz: VOICE_SAMPLE_RATE_HZ }),
      user: concatFloat([new Float32Array(msToSamples(USER_FROM_MS, EARS_SAMPLE_RATE_HZ)), user]),
    };
  } finally {
    await voices.close();
  }
}

import { VOICE_FRAME_MS, VOICE_FRAME_SAMPLES, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { silentLogger } from "#core/ports/logger";
import { noMetrics } from "#core/ports/metrics";
import { createSeededRandom } from "#core/random/seeded-random";
import { absentClient } from "./client-sink";
import { SessionMicrophone, type SessionMicrophoneDeps } from "./session-microphone";

/** The first half second of it takes 70 ms to compute, in turns of up to 20 ms; from the second second on each takes 15 ms. */
const SOUND_MS = 2_000;
/** The agent's voice, −18 dBFS, and its echo, 20 dB below. */
const VOICE_LEVEL = 0.22 * 32_768;
const ECHO_RATIO = 0.1;

export interface MicrophoneWarmUpDeps extends Pick<
  SessionMicrophoneDeps,
  "clock" | "detectors" | "resamplers" | "echoCancellers" | "config"
> {
  /** Waited for before each 20 ms of sound: who has work goes first. */
  nextTurn(): Promise<void>;
}

const ignore = (): void => undefined;

/** Lets a microphone of nobody's hear noise, so that the first conversation finds its code compiled. Ends early by the signal. */
export async function warmUpMicrophone(deps: MicrophoneWarmUpDeps, signal: AbortSignal): Promise<void> {
  let sampleIndex = 0;
  const microphone = new SessionMicrophone({
    ...deps,
    metrics: noMetrics,
    log: silentLogger,
    sampleRateHz: VOICE_SAMPLE_RATE_HZ,
    positionSamples: () => sampleIndex,
    send: ignore,
    events: {
      onSpeechSuspected: ignore,
      onSpeechUnconfirmed: ignore,
      onSpeechStart: ignore,
      onSpeechEnd: ignore,
      onWindow: ignore,
      onError: ignore,
    },
  });
  const random = createSeededRandom(1, "warm-up");
  const sink = microphone.listenTo(absentClient);
  try {
    for (let sequence = 0; sequence < SOUND_MS / VOICE_FRAME_MS; sequence++) {
      await deps.nextTurn();
      if (signal.aborted) return;
      const pcm = Int16Array.from({ length: VOICE_FRAME_SAMPLES }, () => VOICE_LEVEL * (2 * random() - 1));
      sink.sendAudio({ kind: "agent", turn: 0, sequence, sampleIndex, isLast: false, pcm });
      microphone.push({ sampleIndex, pcm: pcm.map((sample) => sample * ECHO_RATIO) });
      microphone.playoutReported(sampleIndex);
      sampleIndex += VOICE_FRAME_SAMPLES;
    }
  } finally {
    microphone.dispose();
  }
}

import { pcmToFloat } from "#core/audio/pcm";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { AudioProblem } from "./audio-problem";
import { SYSTEM_DEFAULT_ID } from "./device-ranking";
import type { DeviceStore } from "./device-store";
import type { RecordedStretch, RecordingPlayer } from "./recording-player";
import { setSpeaker } from "./speaker-output";

/** Time to have the first stretch in the speaker. */
const START_SECONDS = 0.05;

/** On the preferred speaker; each stretch is read while the one before plays. */
export function createBrowserRecordingPlayer(store: DeviceStore): RecordingPlayer {
  return async ({ fromMs, lengthMs, read, stretchMs, stop }) => {
    const context = await openContext(store);
    try {
      let startsAt = context.currentTime + START_SECONDS;
      for (let atMs = fromMs; atMs < lengthMs && !stop.aborted; atMs += stretchMs) {
        const stretch = await read(atMs);
        startsAt = Math.max(startsAt, context.currentTime);
        schedule(context, stretch, startsAt);
        startsAt += Math.min(stretchMs, lengthMs - atMs) / 1000;
        // The next one is read half a stretch before it is needed.
        const isLast = atMs + stretchMs >= lengthMs;
        await untilTime(context, isLast ? startsAt : startsAt - stretchMs / 2000, stop);
      }
    } finally {
      await context.close();
    }
  };
}

async function openContext(store: DeviceStore): Promise<AudioContext> {
  const context = new AudioContext({ sampleRate: VOICE_SAMPLE_RATE_HZ });
  try {
    const speaker = store.candidates("speaker")[0];
    await setSpeaker(context, speaker?.id === SYSTEM_DEFAULT_ID ? undefined : speaker?.id);
    await context.resume();
    return context;
  } catch (error) {
    await context.close();
    throw new AudioProblem("sound-unavailable", { cause: error });
  }
}

function schedule(context: AudioContext, { user, agent }: RecordedStretch, startsAt: number): void {
  for (const { sampleRateHz, pcm } of [user, agent]) {
    if (pcm.length === 0) continue;
    const buffer = new AudioBuffer({ length: pcm.length, sampleRate: sampleRateHz });
    buffer.copyToChannel(Float32Array.from(pcmToFloat(pcm)), 0);
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(context.destination);
    source.start(startsAt);
  }
}

/** On the clock of the sound. */
function untilTime(context: AudioContext, atSeconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const delayMs = Math.max(0, (atSeconds - context.currentTime) * 1000);
    const timer = window.setTimeout(resolve, delayMs);
    stop.addEventListener("abort", () => (window.clearTimeout(timer), resolve()), { once: true });
  });
}
